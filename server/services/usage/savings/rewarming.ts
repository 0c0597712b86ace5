import { activationsBetween } from '@/db/postgres/queries/overview'
import { callsOfPrompt, promptsHit, type SavingsFilter } from '@/db/postgres/queries/savings'
import type { Stores } from '@/server/services/context'
import { activationOf } from '@/server/services/overview/activation-marks'
import { usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { type Known, rewarmingOf } from './net'

/** How long after an activation misses are held against it, and before it its miss rate is taken from. */
export const STRETCH_MINUTES = 60
const STRETCH_MS = STRETCH_MINUTES * 60_000
const MOST_ACTIVATIONS = 50
const MOST_PROMPTS = 1_000

/**
 * What the activations of a range made the models answer again, of prompts with cached answers. The stretch after ends
 * where the prompt moves again. Calls know no namespace and no channel: of one namespace it cannot be told.
 */
export async function rewarmingIn({ db }: Pick<Stores, 'db'>, filter: SavingsFilter, now: Date) {
  const { from, to, tenant, namespace, prompt } = filter
  if (namespace !== undefined)
    return { activations: [], more: false, unknown: 0, total: missing('calls do not say which namespace they asked') }
  const found = await activationsBetween(db, { from, to, limit: MOST_ACTIVATIONS + 1 })
  const hit = new Set(await promptsHit(db, { ...filter, from: new Date(from.getTime() - STRETCH_MS) }, MOST_PROMPTS))
  const end = Math.min(to.getTime(), now.getTime())
  const activations = []
  for (const [place, row] of found.slice(0, MOST_ACTIVATIONS).entries()) {
    if (row.previousVersion === null || !isOf(prompt, row)) continue
    const at = row.at.getTime()
    const next = found.slice(0, place).findLast(({ name }) => name === row.name)
    const until = Math.min(at + STRETCH_MS, end, next?.at.getTime() ?? Infinity)
    const asked = (start: number, stop: number) =>
      callsOfPrompt(db, { from: new Date(start), to: new Date(stop), tenant, prompt: { name: row.name } })
    const before = await asked(at - STRETCH_MS, at)
    if (before.misses === before.calls && !hit.has(row.name)) continue
    const after = await asked(at, until)
    const cost = rewarmingOf(before, after)
    activations.push({
      ...activationOf(row),
      before: { calls: before.calls, misses: before.misses },
      after: { calls: after.calls, misses: after.misses },
      costUsd: cost.pico === null ? null : usdFromPico(cost.pico),
      missing: cost.missing,
      cost,
    })
  }
  const more = found.length > MOST_ACTIVATIONS
  return {
    activations: activations.map(({ cost: _, ...shown }) => shown),
    more,
    /** Activations of which it cannot be told, and that the total leaves out. */
    unknown: activations.filter(({ missing }) => missing !== null).length,
    total: totalOf(activations.map(({ cost }) => cost)),
  }
}

/** All activations where no prompt is asked for; of a version, those that brought it. */
const isOf = (prompt: SavingsFilter['prompt'], row: { name: string; version: number }) =>
  prompt === undefined ||
  (prompt !== null && prompt.name === row.name && (prompt.version ?? row.version) === row.version)

/** The sum of those that are known; unknown only where none is. */
function totalOf(costs: Known[]): Known {
  const known = costs.flatMap(({ pico }) => (pico === null ? [] : [pico]))
  if (costs.length > 0 && known.length === 0) return missing(costs[0]?.missing ?? 'of no activation it can be told')
  return { pico: known.reduce((sum, pico) => sum + pico, 0n), missing: null }
}

const missing = (why: string): Known => ({ pico: null, missing: why })

import {
  latencyOfHits,
  meanRedisMemory,
  providerCacheUse,
  savedBy,
  savedByTime,
  type SavingsFilter,
  selectRedisPrice,
} from '@/db/postgres/queries/savings'
import type { Stores } from '@/server/services/context'
import { activationMarks } from '@/server/services/overview/activation-marks'
import { windowOf } from '@/server/services/scope.schema'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges, stepFor } from '@/server/services/usage/time-buckets'
import { promptKey, promptOf } from '@/server/services/usage/usage-key'
import { type Known, latencyAvoided, memoryCost, netOf, providerSaving, signedUsd } from './net'
import { rewarmingIn } from './rewarming'
import type { SavingsInput } from './savings.schema'

const LISTED = 200
/** Medians and rates are taken from this many of the newest calls of a range. */
export const CALLS_LOOKED_AT = 50_000
const MOST_MODELS = 500

/**
 * What the answer cache saved over a range, net. Gross is exact: the sum of what the entries had cost that were hit.
 * Re-warming is an estimate, memory at most: all of Redis, because nobody measures one family of keys alone.
 */
export async function savingsReport(
  { db }: Pick<Stores, 'db'>,
  { by, namespace, prompt, ...scope }: SavingsInput,
  { now = new Date(), limit = LISTED } = {},
) {
  const { from, to } = windowOf(scope, now)
  const tenant = scope.tenant ?? undefined
  const ofPrompt = prompt === null ? undefined : prompt === '' ? null : promptOf(prompt)
  const filter: SavingsFilter = { from, to, tenant, namespace: namespace ?? undefined, prompt: ofPrompt }
  const calls = { from, to, tenant, prompt: ofPrompt }
  const looked = { among: CALLS_LOOKED_AT, limit: MOST_MODELS }
  const step = stepFor(from, to)
  const edges = bucketEdges(from, to, step, scope.timezone)
  const [{ totals, groups, groupCount }, buckets, marks, rewarming, memory, latency, provider] = await Promise.all([
    savedBy(db, filter, by, limit),
    savedByTime(db, filter, edges),
    activationMarks({ db }, { from, to }),
    rewarmingIn({ db }, filter, now),
    memoryIn({ db }, filter, now),
    namespace === null ? latencyOfHits(db, calls, looked) : null,
    namespace === null ? providerCacheUse(db, calls, looked) : null,
  ])
  const gross = scaled(totals.savedUsd, 12) ?? 0n
  const net = netOf(gross, { rewarming: rewarming.total, memory: memory.cost })
  return {
    asOf: now.toISOString(),
    /** The first bucket may begin before the range; what is counted in it does not. */
    from: (edges[0] ?? from).toISOString(),
    to: to.toISOString(),
    /** What is counted, to the instant. */
    range: { from: from.toISOString(), to: to.toISOString() },
    totals,
    netUsd: signedUsd(net.pico),
    /** Costs that nobody knows, so that the net is without them. */
    without: net.without,
    rewarming: { ...rewarming, total: usdOf(rewarming.total) },
    memory: { ...memory, cost: usdOf(memory.cost) },
    /** Null within one namespace: calls do not say which they asked. */
    latency: latency && latencyAvoided(latency),
    provider: provider && providerSaving(provider),
    by,
    groupCount,
    groups: groups.map(({ key, version, ...figures }) => ({
      key: by === 'prompt' ? promptKey(key || null, version || null) : key,
      ...figures,
      ...(by === 'prompt' && lessRewarming(figures.savedUsd, promptKey(key || null, version || null), rewarming)),
    })),
    step,
    buckets: edges.map((start, index) => ({
      start: start.getTime(),
      saved: start > now ? null : (buckets.get(index) ?? { hits: 0, savedUsd: '0' }),
    })),
    marks,
  }
}
/**
 * What a prompt version saved less what its own activations made the models answer again; memory is not a version's. Null
 * where of one of them it cannot be told.
 */
function lessRewarming(
  savedUsd: string,
  prompt: string | null,
  { activations }: Pick<Awaited<ReturnType<typeof rewarmingIn>>, 'activations'>,
): { netUsd: string | null } {
  const own = activations.filter(({ name, version }) => promptKey(name, String(version)) === prompt)
  if (own.some(({ costUsd }) => costUsd === null)) return { netUsd: null }
  const cost = own.reduce((sum, { costUsd }) => sum + (scaled(costUsd ?? '0', 12) ?? 0n), 0n)
  return { netUsd: signedUsd((scaled(savedUsd, 12) ?? 0n) - cost) }
}

export type SavingsReport = Awaited<ReturnType<typeof savingsReport>>
export type SavingsPart = SavingsReport['groups'][number]

const usdOf = ({ pico, missing }: Known) => ({ usd: pico === null ? null : usdFromPico(pico), missing })

/** The mean of the samples stands for the whole range, up to now. */
async function memoryIn({ db }: Pick<Stores, 'db'>, filter: SavingsFilter, now: Date) {
  const { from, tenant, namespace, prompt } = filter
  const to = filter.to < now ? filter.to : now
  const [{ bytes, samples }, usdPerGibMonth] = await Promise.all([
    meanRedisMemory(db, { from, to }),
    selectRedisPrice(db),
  ])
  const cost = (): Known => {
    if (tenant !== undefined || namespace !== undefined || prompt !== undefined)
      return { pico: null, missing: 'Redis does not say what a tenant, namespace or prompt holds of its memory' }
    if (usdPerGibMonth === null) return { pico: null, missing: 'enter what a GiB of Redis costs' }
    if (bytes === null) return { pico: null, missing: 'Redis was not sampled in this range' }
    return {
      pico: memoryCost({ bytes, ms: Math.max(0, to.getTime() - from.getTime()), usdPerGibMonth }),
      missing: null,
    }
  }
  return { bytes, samples, usdPerGibMonth, cost: cost() }
}

import { selectStates } from '@/db/postgres/queries/budgets'
import { type BudgetCounter, readCounters } from '@/db/redis/budgets'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'
import { picoOf } from './spent'

const FRESH_MS = 1_000
/** Rather this old than a caller that waits. */
const USABLE_MS = 10_000
/** What a decision, or an answer to a report, waits for Redis. */
export const COUNTER_MS = 50

export type KnownBudget = Awaited<ReturnType<typeof selectStates>>[number]

/**
 * The budgets in force with what the worker counted last, from a copy that is read again when it is a second old; who asks
 * waits for that only when it is ten. While Postgres does not answer the last copy goes on.
 */
export function knownBudgets({ db }: Pick<Stores, 'db'>): () => Promise<KnownBudget[]> {
  let copy: { at: number; budgets: KnownBudget[] } | null = null
  let reading: Promise<KnownBudget[]> | null = null

  const read = () =>
    (reading ??= selectStates(db)
      .then((budgets) => (copy = { at: Date.now(), budgets }).budgets)
      .finally(() => (reading = null)))

  return async () => {
    const held = copy
    if (!held) return read()
    const age = Date.now() - held.at
    if (age < FRESH_MS) return held.budgets
    const fresh = read().catch(() => held.budgets)
    return age < USABLE_MS ? held.budgets : fresh
  }
}

/** How far a budget is in the period that runs, and who says so. */
export type CountedSoFar = { by: 'redis' | 'postgres'; pico: bigint; from: Date; to: Date; asOf: Date }

/** Those of a period that has ended say nothing of the one that runs. Without a counter it is what the worker counted. */
export function countedSoFar(
  { period, state }: Pick<KnownBudget, 'period' | 'state'>,
  counter: BudgetCounter | null,
  now: Date,
): CountedSoFar | null {
  if (counter && (counter.to === null || counter.to > now))
    return { by: 'redis', pico: counter.pico, from: counter.from, to: counter.to ?? now, asOf: now }
  if (!state || (period !== 'rolling' && state.periodTo <= now)) return null
  return { by: 'postgres', pico: picoOf(state.spentUsd), from: state.periodFrom, to: state.periodTo, asOf: state.asOf }
}

/** The counters of those that refuse, in one round trip; none while Redis does not answer in time (R5). */
export async function countersOf({ redis }: Pick<Stores, 'redis'>, budgets: KnownBudget[]) {
  const refusing = budgets.filter(({ enforcement }) => enforcement === 'refuse')
  if (refusing.length === 0) return new Map<string, BudgetCounter>()
  const read = await redisInTime(COUNTER_MS, redis, () => readCounters(redis, refusing))
  const found = refusing.flatMap(({ id }, place) => {
    const counter = read?.[place]
    return counter ? [[id, counter] as const] : []
  })
  return new Map(found)
}

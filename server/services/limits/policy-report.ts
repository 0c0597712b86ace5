import { limitSeries, topSubjects } from '@/db/postgres/queries/limit-counts'
import { selectPolicy, selectPolicyHistory } from '@/db/postgres/queries/limits'
import { axisOf, clockOf, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { windowOf } from '@/server/services/scope.schema'
import { againstUsage } from './against-usage'
import type { PolicyScope } from './limits.schema'
import { noSuchLimit } from './what-if'

/** One limit: what was asked of it over time, who asked most, what it said before, and what usage says of its decisions. */
export async function policyReport({ db }: Pick<Stores, 'db'>, { id, ...scope }: PolicyScope, now = new Date()) {
  const policy = await selectPolicy(db, id)
  if (!policy) throw noSuchLimit()
  const clock = clockOf(windowOf(scope, now))
  const window = { policyId: id, from: new Date(clock.first * clock.stepSeconds * 1000), to: clock.to }
  const history = await selectPolicyHistory(db, id)
  const [series, subjects, usage] = await Promise.all([
    limitSeries(db, { ...window, stepSeconds: clock.stepSeconds }),
    topSubjects(db, window),
    againstUsage({ db }, policy, sinceSaid(clock, history[0]?.at)),
  ])
  const counted = series.map((row) => row.bucket)
  const [first = Infinity] = counted
  /** Nothing is counted where nothing is asked: from the first ask on that is a zero, before it nobody knows. */
  const known = (values: (number | null)[]) =>
    values.map((value, at) => value ?? (clock.first + at >= first ? 0 : null))
  return {
    asOf: now.toISOString(),
    id,
    axis: axisOf(clock),
    stepSeconds: clock.stepSeconds,
    admitted: known(spread(clock, series, ({ admitted }) => admitted)),
    refused: known(spread(clock, series, ({ refused }) => refused)),
    subjects: subjects.map(({ lastRefusedMinute, ...one }) => ({
      ...one,
      /** Refused in this minute or the one before. */
      limited: lastRefusedMinute !== null && now.getTime() - lastRefusedMinute < 120_000,
    })),
    history: history.map(({ at, ...one }) => ({ ...one, at: at.toISOString() })),
    usage,
  }
}
export type PolicyReport = Awaited<ReturnType<typeof policyReport>>

/** A limit is judged from when it said what it says now. */
const sinceSaid = ({ from, to }: { from: Date; to: Date }, changedAt = from) => ({
  from: changedAt > from ? changedAt : from,
  to,
})

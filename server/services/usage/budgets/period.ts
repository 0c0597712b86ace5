import type { Budget } from '@/db/postgres/queries/budgets'
import { bucketEdges } from '@/server/services/usage/time-buckets'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export type Period = { from: Date; to: Date }
export type Periodic = Pick<Budget, 'period' | 'rollingDays' | 'timezone'>

const steps = { day: '1d', week: '1w', month: '1mo' } as const
/** Longer than one period and shorter than two, whatever the clocks do. */
const reachMs = { day: 1.5 * DAY_MS, week: 8 * DAY_MS, month: 32 * DAY_MS }

/**
 * The period that `now` lies in, [from, to). Days, weeks (from Monday) and months begin at the zone's midnights, on days
 * of 23 and 25 hours too. A rolling one ends now and begins on the full hour, `rollingDays` times 24 hours ago or up to
 * one hour before, so that sums by the hour answer.
 */
export function periodAt({ period, rollingDays, timezone }: Periodic, now: Date): Period {
  if (period === 'rolling') {
    const from = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (rollingDays ?? 1) * DAY_MS
    return { from: new Date(from), to: now }
  }
  const [from, to] = bucketEdges(now, new Date(now.getTime() + reachMs[period]), steps[period], timezone)
  if (!from || !to) throw new Error(`no ${period} around ${now.toISOString()} in ${timezone}`)
  return { from, to }
}

/** The period before the one that `now` lies in. */
export function periodBefore(periodic: Periodic, now: Date): Period {
  const { from } = periodAt(periodic, now)
  if (periodic.period !== 'rolling') return periodAt(periodic, new Date(from.getTime() - 1))
  return { from: new Date(from.getTime() - (periodic.rollingDays ?? 1) * DAY_MS), to: from }
}

/** What the course of a period is cut into: hours of a day, days of everything longer. */
export const unitOf = ({ period }: Pick<Periodic, 'period'>) =>
  period === 'day' ? ({ step: '1h', ms: HOUR_MS } as const) : ({ step: '1d', ms: DAY_MS } as const)

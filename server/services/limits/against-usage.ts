import {
  askedByMinute,
  type AskedMinute,
  callsByMinute,
  MOST_SUBJECT_MINUTES,
} from '@/db/postgres/queries/limit-counts'
import type { LimitPolicy } from '@/db/postgres/queries/limits'
import type { Stores } from '@/server/services/context'

type Calls = { tenant: string; subject: string; minute: number; calls: number }
/** Longer stretches are not read: every call of every subject would be. */
export const MOST_COMPARED_MS = 24 * 3_600_000

/**
 * The counters of a limit against the calls that were recorded as usage of the same users or tenants, one call taken as one
 * point, by stretches as long as the window, of at least a minute. Null where the limit does not say what its subjects are.
 */
export async function againstUsage(
  { db }: Pick<Stores, 'db'>,
  policy: LimitPolicy,
  { from, to }: { from: Date; to: Date },
) {
  if (policy.subject === null) return null
  const since = new Date(Math.max(from.getTime(), to.getTime() - MOST_COMPARED_MS))
  const window = { policyId: policy.id, from: since, to }
  const [asked, calls] = await Promise.all([
    askedByMinute(db, window),
    callsByMinute(db, { ...window, subject: policy.subject }),
  ])
  return {
    from: since.toISOString(),
    to: to.toISOString(),
    whole: asked.length <= MOST_SUBJECT_MINUTES && calls.length <= MOST_SUBJECT_MINUTES,
    calls: calls.reduce((sum, one) => sum + one.calls, 0),
    admitted: asked.reduce((sum, one) => sum + one.admitted, 0),
    ...compare(policy, asked, calls),
  }
}
export type AgainstUsage = NonNullable<Awaited<ReturnType<typeof againstUsage>>>

/**
 * `overAdmitted`: calls above the points of a stretch, as usage tells; they came round the limit, or it let them pass.
 * `wronglyRefused`: refused in a stretch in which fewer calls were made than it has points; asks that were admitted and
 * then made no call use points up too.
 */
export function compare(
  {
    points,
    windowSeconds,
    kind,
    refillPoints,
  }: Pick<LimitPolicy, 'points' | 'windowSeconds' | 'kind' | 'refillPoints'>,
  asked: Pick<AskedMinute, 'tenant' | 'subject' | 'minute' | 'refused'>[],
  calls: Calls[],
) {
  const stretch = Math.max(1, Math.ceil(windowSeconds / 60))
  const windows = (stretch * 60) / windowSeconds
  const flow = kind === 'token_bucket' ? (refillPoints ?? points) : points
  const most = kind === 'token_bucket' ? points + flow * windows : flow * windows
  const stretches = new Map<string, { calls: number; refused: number }>()
  const at = ({ tenant, subject, minute }: Omit<Calls, 'calls'>) => {
    const name = JSON.stringify([tenant, subject, Math.floor(minute / stretch)])
    const known = stretches.get(name) ?? { calls: 0, refused: 0 }
    stretches.set(name, known)
    return known
  }
  for (const one of asked) at(one).refused += one.refused
  for (const one of calls) at(one).calls += one.calls
  let [overAdmitted, wronglyRefused] = [0, 0]
  for (const { calls, refused } of stretches.values()) {
    overAdmitted += Math.max(0, calls - Math.floor(most))
    wronglyRefused += Math.min(refused, Math.max(0, Math.floor(most) - calls))
  }
  return { overAdmitted, wronglyRefused }
}

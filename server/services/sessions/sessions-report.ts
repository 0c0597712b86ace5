import { newestRedisSample, redisSampleSeries } from '@/db/postgres/queries/redis-samples'
import { selectSessionChecks, type SessionCheck } from '@/db/postgres/queries/session-checks'
import { selectSessionNamespaces } from '@/db/postgres/queries/session-namespaces'
import { selectLogouts } from '@/db/postgres/queries/session-logouts'
import { countByNamespace } from '@/db/postgres/queries/table-session-lists'
import { countWaitingTurns } from '@/db/redis/waiting-turns'
import { expected } from '@/server/failure'
import { axisOf, clockOf, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'
import { shownLogOut } from './list-log-outs'
import { sessionTruth } from './session-truth'

/** Turns are written within a second; what waits longer is worth a word. */
export const TURNS_LATE_MS = 5_000
const LOGOUTS = 5

export type SessionVerdict =
  | { kind: 'turns-wait'; severity: 'bad'; count: number; oldestAt: string }
  | { kind: 'evictable'; severity: 'warn'; policy: string; evicted: number }
  | { kind: 'index-differed'; severity: 'warn'; dropped: number; added: number; at: string }
  | { kind: 'misplaced'; severity: 'warn'; count: number; at: string }
  | { kind: 'junk'; severity: 'warn'; count: number; keys: string[]; at: string }
  | { kind: 'quiet'; severity: 'ok'; checks: string[] }

/** What is worth knowing of all sessions: their number over time, how far Postgres is behind, and whether the index is right. */
export async function sessionsReport(stores: Stores, scope: Scope, now = new Date()) {
  const { from, to } = windowOf(scope, now)
  const clock = clockOf({ from, to })
  const [sample, { total, buckets }, [check], logouts, namespaces, inTable, waiting] = await Promise.all([
    newestRedisSample(stores.db, { before: now }),
    redisSampleSeries(stores.db, { from, to, stepSeconds: clock.stepSeconds }),
    selectSessionChecks(stores.db, { limit: 1 }),
    selectLogouts(stores.db, { limit: LOGOUTS }),
    selectSessionNamespaces(stores.db),
    countByNamespace(stores.db),
    sessionTruth(stores.redis, () => countWaitingTurns(stores.redis)).catch(unknownWithoutRedis),
  ])
  return {
    asOf: now.toISOString(),
    axis: axisOf(clock),
    live: spread(clock, buckets, (row) => row.liveSessions),
    liveInTable: spread(clock, buckets, (row) => row.tableSessions),
    namespaces: namespaces.map(({ phaseSince, createdAt, ...place }) => ({
      ...place,
      phaseSince: phaseSince.toISOString(),
      createdAt: createdAt.toISOString(),
      inTable: inTable.get(place.name) ?? 0,
    })),
    sampledAt: sample?.at.toISOString() ?? null,
    check: check ? { ...check, at: check.at.toISOString() } : null,
    logouts: logouts.map(shownLogOut),
    verdicts: verdicts({ now, waiting, check, sample, evicted: total.evicted }),
  }
}
export type SessionsReport = Awaited<ReturnType<typeof sessionsReport>>
export type ListedSessionNamespace = SessionsReport['namespaces'][number]

/** All else is from Postgres, and stays. */
function unknownWithoutRedis(error: unknown): null {
  if (expected(error)?.code !== 'unavailable') throw error
  return null
}

type Checked = {
  now: Date
  /** Null while Redis does not say. */
  waiting: { count: number; oldestAt: number | null } | null
  check: SessionCheck | undefined
  sample: { maxMemoryPolicy: string; maxMemoryBytes: number } | null
  evicted: number | null
}

/** Worst first, and last what was looked at and found quiet. */
export function verdicts({ now, waiting, check, sample, evicted }: Checked): SessionVerdict[] {
  const found: SessionVerdict[] = []
  const quiet: string[] = []
  const oldestAt = waiting?.oldestAt ?? null
  if (waiting && oldestAt !== null && now.getTime() - oldestAt > TURNS_LATE_MS)
    found.push({
      kind: 'turns-wait',
      severity: 'bad',
      count: waiting.count,
      oldestAt: new Date(oldestAt).toISOString(),
    })
  else if (waiting) quiet.push('turns reach Postgres')
  if (sample) {
    // volatile-* takes sessions just as well: each has a time to live.
    const evicting = sample.maxMemoryPolicy !== 'noeviction' && sample.maxMemoryBytes > 0
    if (evicting)
      found.push({ kind: 'evictable', severity: 'warn', policy: sample.maxMemoryPolicy, evicted: evicted ?? 0 })
    else quiet.push('nothing evicts them')
  }
  if (check) {
    const [at, dropped, added] = [check.at.toISOString(), check.indexedWithoutSession, check.sessionsWithoutIndex]
    if (dropped + added > 0) found.push({ kind: 'index-differed', severity: 'warn', dropped, added, at })
    else quiet.push('index and sessions agree')
    if (check.misplaced > 0) found.push({ kind: 'misplaced', severity: 'warn', count: check.misplaced, at })
    if (check.junk > 0) found.push({ kind: 'junk', severity: 'warn', count: check.junk, keys: check.junkKeys, at })
    else quiet.push('no foreign keys among them')
  }
  return quiet.length === 0 ? found : [...found, { kind: 'quiet', severity: 'ok', checks: quiet }]
}

import type { Postgres } from '@/db/postgres/client'
import { selectExecutionMs } from '@/db/postgres/queries/statements'

const PERIOD_MS = 5_000

/** Milliseconds per second that processes waited for Postgres: console and worker, and all of them. */
type Waited = { ownMs: number; allMs: number }

/**
 * Engram's own share of Postgres' time, 0 to 1: what Postgres spent on executing statements in the last seconds, times the
 * part of the waiting that was console's and worker's. The waiting itself would not do: it counts queueing behind others.
 * Null until there are two readings, or where pg_stat_statements is not loaded.
 */
export function postgresShareReader(db: Postgres) {
  let askedAt = -Infinity
  let before: Reading | null = null
  let perSecond: number | null = null

  return async function readShare({ ownMs, allMs }: Waited): Promise<number | null> {
    const at = performance.now()
    if (at - askedAt >= PERIOD_MS) {
      askedAt = at
      const executionMs = await selectExecutionMs(db)
      perSecond = before && executionMs !== null ? rate(before, { at, executionMs }) : null
      before = executionMs === null ? null : { at, executionMs }
    }
    return perSecond === null || allMs === 0 ? null : (perSecond * ownMs) / allMs
  }
}

type Reading = { at: number; executionMs: number }

/** Seconds executed per second; null when the counters were reset in between. */
const rate = (before: Reading, now: Reading) =>
  now.executionMs < before.executionMs ? null : (now.executionMs - before.executionMs) / (now.at - before.at)

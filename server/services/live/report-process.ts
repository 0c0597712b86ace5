import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { forgetOldProcesses, upsertProcess } from '@/db/postgres/queries/processes'
import { commandCosts } from '@/db/redis/command-cost'
import { logError } from '@/server/log'
import type { connectStores, ProcessRole } from '@/server/services/stores'
import { version } from '@/server/version'

const PERIOD_MS = 5_000

/**
 * Tells every five seconds that this process lives, and what it asks of each store (R8): of Redis its calls by
 * command times the mean cost that Redis measured for that command; of Postgres the time that calls took, with the way
 * there and back. Returns what stops it.
 */
export function reportProcess(stores: ReturnType<typeof connectStores>, role: ProcessRole, periodMs = PERIOD_MS) {
  const self = { id: randomUUID(), role, host: hostname(), version, startedAt: new Date() }
  let before = { at: performance.now(), calls: new Map(stores.redis.calls), postgresMs: stores.spent.postgresMs }
  let complained = false

  const report = async () => {
    const now = { at: performance.now(), calls: new Map(stores.redis.calls), postgresMs: stores.spent.postgresMs }
    const seconds = (now.at - before.at) / 1000
    const costs = stores.redis.healthy() ? await commandCosts(stores.redis) : new Map<string, number>()
    const redisMs = millisecondsOf(callsBetween(before.calls, now.calls), costs)
    const postgresMs = now.postgresMs - before.postgresMs
    before = now
    await upsertProcess(stores.db, {
      ...self,
      seenAt: new Date(),
      redisMsPerSecond: redisMs / seconds,
      postgresMsPerSecond: postgresMs / seconds,
    })
    complained = false
  }

  const timer = setInterval(() => {
    report().catch((error: unknown) => {
      // Once per outage: the store that is down says so in many other places.
      if (!complained) logError('report-process', error)
      complained = true
    })
  }, periodMs)
  timer.unref()
  forgetOldProcesses(stores.db).catch((error: unknown) => logError('report-process', error))
  return () => clearInterval(timer)
}

export function callsBetween(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>) {
  return new Map([...now].map(([name, calls]) => [name, calls - (before.get(name) ?? 0)] as const))
}

/** A command that Redis has no figure for yet costs nothing yet. */
export function millisecondsOf(calls: ReadonlyMap<string, number>, microsecondsPerCall: ReadonlyMap<string, number>) {
  let total = 0
  for (const [name, count] of calls) total += count * (microsecondsPerCall.get(name) ?? 0)
  return total / 1000
}

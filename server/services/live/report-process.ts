import { deleteProcess, forgetOldProcesses, upsertProcess } from '@/db/postgres/queries/processes'
import { patiently } from '@/db/postgres/deadline'
import { commandCosts } from '@/db/redis/command-cost'
import { logError } from '@/server/log'
import type { connectStores } from '@/server/services/stores'
import type { ThisProcess } from './this-process'

const PERIOD_MS = 5_000
/** A process that ends does not wait for longer: without its last word it counts as gone a little later. */
const LAST_WORD_MS = 1_000

/**
 * Tells at once and then every five seconds that this process lives, and what it asks of each store (R8): of Redis its calls
 * by command times the mean cost that Redis measured for that command; of Postgres the time that calls took, with the way
 * there and back. Returns what ends it: the process counts as gone then.
 */
export function reportProcess(stores: ReturnType<typeof connectStores>, self: ThisProcess, periodMs = PERIOD_MS) {
  const reading = () => ({
    at: performance.now(),
    calls: new Map(stores.redis.calls),
    postgresMs: stores.spent.postgresMs,
  })
  let before = reading()
  let complained = false

  const measure = async () => {
    const now = reading()
    const seconds = (now.at - before.at) / 1000
    const costs = stores.redis.healthy() ? await commandCosts(stores.redis) : new Map<string, number>()
    const redisMs = millisecondsOf(callsBetween(before.calls, now.calls), costs)
    const postgresMs = now.postgresMs - before.postgresMs
    before = now
    return { redisMsPerSecond: redisMs / seconds, postgresMsPerSecond: postgresMs / seconds }
  }
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
      complained = false
    } catch (error) {
      // Once per outage: the store that is down says so in many other places.
      if (!complained) logError('report-process', error)
      complained = true
    }
  }

  void attempt(async () => {
    await upsertProcess(stores.db, self)
    await forgetOldProcesses(stores.db)
  })
  const timer = setInterval(() => {
    void attempt(async () => upsertProcess(stores.db, { ...self, ...(await measure()) }))
  }, periodMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await attempt(() => patiently(LAST_WORD_MS, () => deleteProcess(stores.db, self.id)))
  }
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

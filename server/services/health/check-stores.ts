import { pingPostgres } from '@/db/postgres/queries/health'
import type { Stores } from '@/server/services/context'

export type Check = { up: boolean; latencyMs: number | null }

/** Whether each memory answers now, and how fast; never throws. */
export async function checkStores({ db, redis }: Stores): Promise<{ postgres: Check; redis: Check }> {
  const [postgres, redisCheck] = await Promise.all([timed(() => pingPostgres(db)), timed(() => redis.commands.ping())])
  return { postgres, redis: redisCheck }
}

const PATIENCE_MS = 1_000

async function timed(ask: () => Promise<unknown>): Promise<Check> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, 'late')))
  try {
    if ((await Promise.race([ask(), late])) === 'late') return { up: false, latencyMs: null }
    return { up: true, latencyMs: Math.round((performance.now() - started) * 100) / 100 }
  } catch {
    return { up: false, latencyMs: null }
  } finally {
    clearTimeout(timer)
  }
}

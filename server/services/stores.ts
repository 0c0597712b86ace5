import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { connectRedis } from '@/db/redis/client'
import { redisEnv } from '@/db/redis/env'

export type ProcessRole = 'console' | 'gateway' | 'worker'

/** What a process may wait for each store, in milliseconds (R5): traffic little, pages more, jobs most. */
const deadlines = {
  gateway: { postgresMs: 3_000, redisMs: 100 },
  console: { postgresMs: 10_000, redisMs: 500 },
  worker: { postgresMs: 60_000, redisMs: 1_000 },
} as const satisfies Record<ProcessRole, { postgresMs: number; redisMs: number }>

/** Connects a process to Postgres as the environment names it. */
export function connectDb(
  role: ProcessRole,
  options: { poolSize?: number; observe?: (milliseconds: number) => void } = {},
) {
  const { url, poolSize } = postgresEnv()
  const { postgresMs: deadlineMs } = deadlines[role]
  return connectPostgres({ url, poolSize, deadlineMs, applicationName: `engram-${role}`, ...options })
}

/** A connection of its own for the gateway's thread that takes usage. */
export const connectThreadRedis = () =>
  connectRedis({ urls: redisEnv().urls, name: 'engram-gateway', deadlineMs: deadlines.gateway.redisMs })

/** Connects a process to both memories as the environment names them; `postgresMs` is the time it has spent there. */
export function connectStores(role: ProcessRole) {
  const spent = { postgresMs: 0 }
  const db = connectDb(role, { observe: (milliseconds) => (spent.postgresMs += milliseconds) })
  const redis = connectRedis({ urls: redisEnv().urls, name: `engram-${role}`, deadlineMs: deadlines[role].redisMs })
  return {
    db,
    redis,
    spent,
    close: async () => {
      redis.close()
      await db.close()
    },
  }
}

import type { Postgres } from '@/db/postgres/client'
import type { RedisStore } from '@/db/redis/client'

/** The two memories. What a verb that only reads takes first. */
export type Stores = { db: Postgres; redis: RedisStore }

export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who acts: a person in the console, a key at the gateway, or Engram's own worker. */
export type Actor = { kind: 'operator' | 'key' | 'system'; id: string; name: string; role: Role }

/** What a verb that changes something takes first. */
export type Caller = Stores & { actor: Actor }

export const system: Actor = { kind: 'system', id: 'engram', name: 'Engram', role: 'admin' }

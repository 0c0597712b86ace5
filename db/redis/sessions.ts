import type { RedisStore } from './client'
import { families, keys } from './keys'
import { scanKeys } from './scan'

/** `data` is JSON as text. */
export type Session = { tenant: string; user: string; ttlSeconds: number; data: string; createdAt: string }
/** Tenants whose sessions the caller may touch; null means all. A session of another one is as good as absent. */
export type Allowed = readonly string[] | null

export const KEPT_TURNS = 50

/** Commas on both sides, so that a slug is found whole or not at all. */
const listed = (allowed: Allowed) => (allowed ? `,${allowed.join(',')},` : '')
const namesOf = (id: string) => [keys.session(id), keys.sessionTurns(id)] as const

/** Each script sees both keys of a session, in one slot, as one moment; ARGV[1] is who may. */
const MAY = `
local tenant = redis.call('HGET', KEYS[1], 'tenant')
if tenant and ARGV[1] ~= '' and not string.find(ARGV[1], ',' .. tenant .. ',', 1, true) then tenant = false end`

const TOUCH = `
local ttl = redis.call('HGET', KEYS[1], 'ttlSeconds')
redis.call('EXPIRE', KEYS[1], ttl)
redis.call('EXPIRE', KEYS[2], ttl)`

const WRITE = `
local tenant = redis.call('HGET', KEYS[1], 'tenant')
if tenant and tenant ~= ARGV[1] then return nil end
redis.call('HSET', KEYS[1], 'tenant', ARGV[1], 'user', ARGV[2], 'ttlSeconds', ARGV[3], 'data', ARGV[4])
redis.call('HSETNX', KEYS[1], 'createdAt', ARGV[5])
${TOUCH}
return redis.call('HGET', KEYS[1], 'createdAt')`

const READ = `${MAY}
if not tenant then return nil end
${TOUCH}
local fields = redis.call('HMGET', KEYS[1], 'tenant', 'user', 'ttlSeconds', 'data', 'createdAt')
return { fields, redis.call('LRANGE', KEYS[2], 0, -1) }`

const APPEND = `${MAY}
if not tenant then return nil end
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], -${KEPT_TURNS}, -1)
${TOUCH}
return { redis.call('LLEN', KEYS[2]), tonumber(ttl) }`

const DELETE = `${MAY}
if not tenant then return 0 end
return redis.call('UNLINK', KEYS[1], KEYS[2])`

/** Writes or replaces a session and keeps its turns; null when the id is another tenant's, else when it was created. */
export async function writeSession(redis: RedisStore, id: string, session: Session): Promise<string | null> {
  const { tenant, user, ttlSeconds, data, createdAt } = session
  const args = [tenant, user, ttlSeconds, data, createdAt]
  const created = (await redis.commands.eval(WRITE, 2, ...namesOf(id), ...args)) as string | null
  if (created !== null) await markLive(redis, id, ttlSeconds)
  return created
}

/** The session with its turns (JSON as text, oldest first); reading it keeps it alive. */
export async function readSession(redis: RedisStore, id: string, allowed: Allowed) {
  const found = (await redis.commands.eval(READ, 2, ...namesOf(id), listed(allowed))) as
    [[string, string, string, string, string], string[]] | null
  if (found === null) return null
  const [[tenant, user, ttl, data, createdAt], turns] = found
  const session: Session = { tenant, user, ttlSeconds: Number(ttl), data, createdAt }
  await markLive(redis, id, session.ttlSeconds)
  return { ...session, turns }
}

/** Adds a turn and forgets all but the last KEPT_TURNS; null when there is no such session. */
export async function appendTurn(redis: RedisStore, id: string, turn: string, allowed: Allowed) {
  const found = (await redis.commands.eval(APPEND, 2, ...namesOf(id), listed(allowed), turn)) as [number, number] | null
  if (found === null) return null
  const [turns, ttlSeconds] = found
  await markLive(redis, id, ttlSeconds)
  return { turns, ttlSeconds }
}

/** Whether there was one. */
export async function deleteSession(redis: RedisStore, id: string, allowed: Allowed): Promise<boolean> {
  const removed = Number(await redis.commands.eval(DELETE, 2, ...namesOf(id), listed(allowed)))
  if (removed === 0) return false
  await redis.commands.zrem(keys.liveSessions(), id)
  return true
}

/** How many sessions of a tenant went. Only the session itself names its tenant. */
export async function eraseSessionsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, families.sessions.pattern)) {
    const ids = batch.flatMap((key) => keys.sessionId(key) ?? [])
    const deleted = await Promise.all(ids.map((id) => deleteSession(redis, id, [tenant])))
    erased += deleted.filter(Boolean).length
  }
  return erased
}

async function markLive({ commands }: RedisStore, id: string, ttlSeconds: number) {
  await commands.zadd(keys.liveSessions(), Date.now() + ttlSeconds * 1000, id)
}

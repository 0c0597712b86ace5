import type { RedisStore } from './client'
import { families, keys, sessionShards, shardOf } from './keys'
import { scanKeys } from './scan'

/** `data` is JSON as text. */
export type Session = { tenant: string; user: string; ttlSeconds: number; data: string; createdAt: string }
/** Tenants whose sessions the caller may touch; null means all. A session of another one is as good as absent. */
export type Allowed = readonly string[] | null

export const KEPT_TURNS = 50
/** Turns that wait for Postgres in one shard, in bytes; beyond it turns are refused rather than Redis filled. */
export const MOST_WAITING_BYTES = 16 * 1024 * 1024

/** Commas on both sides, so that a slug is found whole or not at all. */
const listed = (allowed: Allowed) => (allowed ? `,${allowed.join(',')},` : '')

/** Each script sees all keys of a session, in one slot, as one moment. */
const namesOf = (id: string) => {
  const shard = shardOf(id)
  return [
    keys.session(id),
    keys.sessionTurns(id),
    keys.liveSessions(shard),
    keys.waitingTurns(shard),
    keys.waitingBytes(shard),
  ] as const
}
const run = ({ commands }: RedisStore, script: string, id: string, args: (string | number)[]) =>
  commands.eval(script, 5, ...namesOf(id), id, Date.now(), ...args)

/** ARGV[1] is the id, ARGV[2] the time, ARGV[3] who may. */
const MAY = `
local tenant = redis.call('HGET', KEYS[1], 'tenant')
if tenant and ARGV[3] ~= '' and not string.find(ARGV[3], ',' .. tenant .. ',', 1, true) then tenant = false end`

const TOUCH = `
local ttl = tonumber(redis.call('HGET', KEYS[1], 'ttlSeconds'))
if not ttl then return redis.error_reply('WRONGTYPE no session of Engram') end
redis.call('EXPIRE', KEYS[1], ttl)
redis.call('EXPIRE', KEYS[2], ttl)
redis.call('ZADD', KEYS[3], ARGV[2] + ttl * 1000, ARGV[1])`

/** Which life of the id this is, in microseconds of Redis' clock: a later session of the same id goes on after it. */
const BEGIN = `
local clock = redis.call('TIME')
redis.call('HSETNX', KEYS[1], 'begun', string.format('%s%06d', clock[1], clock[2]))`

const WRITE = `
local tenant = redis.call('HGET', KEYS[1], 'tenant')
if tenant and tenant ~= ARGV[3] then return nil end
redis.call('HSET', KEYS[1], 'tenant', ARGV[3], 'user', ARGV[4], 'ttlSeconds', ARGV[5], 'data', ARGV[6])
redis.call('HSETNX', KEYS[1], 'createdAt', ARGV[7])
${BEGIN}
${TOUCH}
return redis.call('HGET', KEYS[1], 'createdAt')`

const READ = `${MAY}
if not tenant then return nil end
${TOUCH}
local fields = redis.call('HMGET', KEYS[1], 'tenant', 'user', 'ttlSeconds', 'data', 'createdAt')
return { fields, redis.call('LRANGE', KEYS[2], 0, -1) }`

/**
 * The turn goes into the session and into the stream of those that wait for Postgres, or into neither. ARGV[5] is the id that
 * its sender gave it, empty for none, ARGV[6] the digest of what it says: one of the last KEPT_TURNS that comes again adds
 * nothing.
 */
const APPEND = `${MAY}
if not tenant then return nil end
local known = ARGV[5] ~= '' and redis.call('HGET', KEYS[1], 'turn:' .. ARGV[5])
if known and known ~= ARGV[6] then return {-2, 0} end
if known then
  ${TOUCH}
  return { redis.call('LLEN', KEYS[2]), ttl }
end
if tonumber(redis.call('GET', KEYS[5]) or '0') >= ${MOST_WAITING_BYTES} then return {-1, 0} end
${TOUCH}
${BEGIN}
local size = #ARGV[4]
local grown = size
redis.call('RPUSH', KEYS[2], ARGV[4])
while redis.call('LLEN', KEYS[2]) > ${KEPT_TURNS} do grown = grown - #redis.call('LPOP', KEYS[2]) end
redis.call('EXPIRE', KEYS[2], ttl)
redis.call('HINCRBY', KEYS[1], 'turnBytes', grown)
local ordinal = redis.call('HINCRBY', KEYS[1], 'turns', 1)
local forgotten = redis.call('HGET', KEYS[1], 'turn#' .. (ordinal - ${KEPT_TURNS}))
if forgotten then redis.call('HDEL', KEYS[1], 'turn#' .. (ordinal - ${KEPT_TURNS}), 'turn:' .. forgotten) end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'turn#' .. ordinal, ARGV[5], 'turn:' .. ARGV[5], ARGV[6]) end
local of = redis.call('HMGET', KEYS[1], 'user', 'begun')
redis.call('XADD', KEYS[4], '*', 'tenant', tenant, 'id', ARGV[1], 'user', of[1] or '', 'begun', of[2], 'ordinal', ordinal, 'turn', ARGV[4])
redis.call('INCRBY', KEYS[5], size)
return { redis.call('LLEN', KEYS[2]), ttl }`

const DELETE = `${MAY}
if not tenant then return 0 end
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('UNLINK', KEYS[1], KEYS[2])`

/** Writes or replaces a session and keeps its turns; null when the id is another tenant's, else when it was created. */
export async function writeSession(redis: RedisStore, id: string, session: Session): Promise<string | null> {
  const { tenant, user, ttlSeconds, data, createdAt } = session
  return (await run(redis, WRITE, id, [tenant, user, ttlSeconds, data, createdAt])) as string | null
}

/** The session with its turns (JSON as text, oldest first); reading it keeps it alive. */
export async function readSession(redis: RedisStore, id: string, allowed: Allowed) {
  const found = (await run(redis, READ, id, [listed(allowed)])) as
    [[string, string, string, string | null, string], string[]] | null
  if (found === null) return null
  const [[tenant, user, ttl, data, createdAt], turns] = found
  return { tenant, user, ttlSeconds: Number(ttl), data: data ?? '', createdAt, turns }
}

/** `id` is its sender's own, empty for none; `digest` of what it says. */
type NewTurn = { turn: string; id: string; digest: string }

/**
 * Adds a turn, unless its id is among those kept, and forgets all but the last KEPT_TURNS; null when there is no such
 * session, `full` when too many turns wait for Postgres already, `other` when its id names a turn that says something else.
 */
export async function appendTurn(redis: RedisStore, session: string, { turn, id, digest }: NewTurn, allowed: Allowed) {
  const found = (await run(redis, APPEND, session, [listed(allowed), turn, id, digest])) as [number, number] | null
  if (found === null) return null
  const [turns, ttlSeconds] = found
  return turns === -1 ? ('full' as const) : turns === -2 ? ('other' as const) : { turns, ttlSeconds }
}

/** Whether there was one. */
export async function deleteSession(redis: RedisStore, id: string, allowed: Allowed): Promise<boolean> {
  return Number(await run(redis, DELETE, id, [listed(allowed)])) > 0
}

/** How many sessions of a tenant went, those that were logged out a moment ago among them. */
export async function eraseSessionsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, families.sessions.pattern)) {
    const found = batch.flatMap((key) => keys.sessionId(key) ?? [])
    const gone = await Promise.all(
      found.map(({ id, gone }) => (gone ? eraseGone(redis, id, tenant) : deleteSession(redis, id, [tenant]))),
    )
    erased += gone.filter(Boolean).length
  }
  return erased
}

/** How many of a tenant's sessions there are, those that were logged out a moment ago among them. */
export async function countSessionsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  const seen = new Set<string>()
  for await (const batch of scanKeys(redis, families.sessions.pattern)) {
    const found = batch.filter((key) => keys.sessionId(key) !== null)
    const tenants = await Promise.all(found.map((key) => redis.commands.hget(key, 'tenant')))
    found.forEach((key, at) => tenants[at] === tenant && seen.add(key))
  }
  return seen.size
}

const ERASE_GONE = `
if redis.call('HGET', KEYS[1], 'tenant') ~= ARGV[1] then return 0 end
return redis.call('UNLINK', KEYS[1], KEYS[2])`

const eraseGone = async ({ commands }: RedisStore, id: string, tenant: string): Promise<boolean> =>
  Number(await commands.eval(ERASE_GONE, 2, keys.goneSession(id), keys.goneTurns(id), tenant)) > 0

/** What is known of a session without reading its data; sizes in bytes. */
export type SessionSummary = {
  id: string
  tenant: string
  user: string
  ttlSeconds: number
  createdAt: string
  /** All that it ever had; the last KEPT_TURNS are kept. */
  turns: number
  bytes: number
  /** Which life of the id; empty for sessions from before it was kept. */
  begun: string
}

/** ARGV: tenant and user that are asked for; empty for any. */
const SUMMARISE = `
local found = {}
for at, key in ipairs(KEYS) do
  local fields = redis.pcall('HMGET', key, 'tenant', 'user', 'ttlSeconds', 'createdAt', 'turns', 'turnBytes', 'begun')
  if fields.err then found[at] = 'junk'
  elseif not fields[1] or not fields[3] then found[at] = redis.call('EXISTS', key) == 1 and 'junk' or 'none'
  elseif (ARGV[1] ~= '' and fields[1] ~= ARGV[1]) or (ARGV[2] ~= '' and fields[2] ~= ARGV[2]) then found[at] = 'other'
  else
    fields[8] = redis.call('HSTRLEN', key, 'data')
    found[at] = fields
  end
end
return found`

/** At most this many in one script: a fraction of a millisecond (R8). */
const PER_SCRIPT = 100

/** `none`: there is no such session; `junk`: the key holds no session of ours; `other`: of another tenant or user. */
export type Summarised = SessionSummary | 'none' | 'junk' | 'other'
/** Whose sessions are asked for; null for anybody's. */
export type Whose = { tenant: string | null; user: string | null }

/** One answer per id, in their order. */
export async function summariseSessions(
  { commands }: RedisStore,
  ids: readonly string[],
  { tenant, user }: Whose = { tenant: null, user: null },
): Promise<Summarised[]> {
  const answers: Summarised[] = ids.map(() => 'none')
  const numbered = ids.map((id, at) => ({ id, at }))
  const asked = byShard(numbered).flatMap(({ mine }) => {
    return slices(mine, PER_SCRIPT).map(async (some) => {
      const names = some.map(({ id }) => keys.session(id))
      const found = (await commands.eval(SUMMARISE, some.length, ...names, tenant ?? '', user ?? '')) as Raw[]
      some.forEach(({ id, at }, index) => (answers[at] = summaryOf(id, found[index] ?? 'none')))
    })
  })
  await Promise.all(asked)
  return answers
}

type Raw = Exclude<Summarised, SessionSummary> | (string | number | null)[]

function summaryOf(id: string, found: Raw): Summarised {
  if (typeof found === 'string') return found
  const [tenant, user, ttl, createdAt, turns, turnBytes, begun, dataBytes] = found.map((field) => String(field ?? ''))
  return {
    id,
    tenant: tenant ?? '',
    user: user ?? '',
    ttlSeconds: Number(ttl),
    createdAt: createdAt ?? '',
    turns: Number(turns),
    bytes: Number(turnBytes) + Number(dataBytes),
    begun: begun ?? '',
  }
}

/** Items by the shard of their id, each hashed once. */
export function byShard<T extends { id: string }>(items: readonly T[]): { shard: number; mine: T[] }[] {
  const shards = sessionShards.map((shard) => ({ shard, mine: [] as T[] }))
  for (const item of items) shards[shardOf(item.id)]?.mine.push(item)
  return shards.filter(({ mine }) => mine.length > 0)
}

export const slices = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))

/** As somebody looks at it who must not keep it alive: null when there is none. */
export async function peekSession({ commands }: RedisStore, id: string) {
  const [fields, turns, expiresAt] = await Promise.all([
    commands.hmget(keys.session(id), 'tenant', 'user', 'ttlSeconds', 'createdAt', 'data', 'turns'),
    commands.lrange(keys.sessionTurns(id), 0, KEPT_TURNS - 1),
    commands.pexpiretime(keys.session(id)),
  ])
  const [tenant, user, ttl, createdAt, data, count] = fields
  if (!tenant || !ttl) return null
  const known = { tenant, user: user ?? '', ttlSeconds: Number(ttl), createdAt: createdAt ?? '', data: data ?? '' }
  return { ...known, turns, turnsInAll: Number(count ?? turns.length), expiresAt }
}

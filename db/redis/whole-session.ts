import type { RedisStore } from './client'
import { keys, shardOf } from './keys'
import { KEPT_TURNS } from './sessions'

/** `ordinal` counts from 1 in each session; `ownId` is its sender's, `digest` of what it says. */
type Turn = { ordinal: number; ownId: string | null; digest: string | null; turn: string }
/** All that is kept of a session; `data` and turns are JSON as text, `expiresAt` epoch milliseconds. */
export type Whole = {
  tenant: string
  user: string
  ttlSeconds: number
  data: string
  createdAt: string
  begun: number
  turnsInAll: number
  expiresAt: number
  turns: Turn[]
}

/** In one moment, without keeping it alive. */
const TAKE = `
local left = redis.call('PEXPIRETIME', KEYS[1])
if left < 0 then return nil end
return { redis.call('HGETALL', KEYS[1]), redis.call('LRANGE', KEYS[2], 0, -1), left }`

/** Null when there is none, or what is there has no time to live and was not written by Engram. */
export async function readWholeSession({ commands }: RedisStore, id: string): Promise<Whole | null> {
  const found = (await commands.eval(TAKE, 2, keys.session(id), keys.sessionTurns(id))) as
    [string[], string[], number] | null
  if (!found) return null
  const [flat, turns, expiresAt] = found
  const fields = new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : [])))
  const text = (name: string) => fields.get(name) ?? ''
  const created = Date.parse(text('createdAt'))
  const turnsInAll = Math.max(Number(text('turns')), turns.length)
  const first = turnsInAll - turns.length + 1
  return {
    tenant: text('tenant'),
    user: text('user'),
    ttlSeconds: Number(text('ttlSeconds')),
    data: text('data'),
    createdAt: new Date(Number.isNaN(created) ? Date.now() : created).toISOString(),
    // Sessions from before it was kept get one as their first turn would.
    begun: Number(text('begun')) || Date.now() * 1000,
    turnsInAll,
    expiresAt: Number(expiresAt),
    turns: turns.map((turn, at) => {
      const ownId = fields.get(`turn#${first + at}`) ?? null
      return { ordinal: first + at, ownId, digest: ownId === null ? null : text(`turn:${ownId}`), turn }
    }),
  }
}

/** ARGV: id, expiry, how many fields and values follow, those, then the turns. */
const GIVE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('UNLINK', KEYS[2])
local fields = tonumber(ARGV[3])
for at = 4, 3 + fields, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
for at = 4 + fields, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[at]) end
redis.call('PEXPIREAT', KEYS[1], ARGV[2])
redis.call('PEXPIREAT', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
return 1`

/** Nothing where the id is taken. */
export async function writeWholeSession({ commands }: RedisStore, id: string, whole: Whole): Promise<void> {
  const turns = whole.turns.slice(-KEPT_TURNS)
  const turnBytes = turns.reduce((sum, { turn }) => sum + Buffer.byteLength(turn), 0)
  const fields = [
    ...['tenant', whole.tenant, 'user', whole.user, 'ttlSeconds', String(whole.ttlSeconds), 'data', whole.data],
    ...['createdAt', whole.createdAt, 'begun', String(whole.begun)],
    ...(turns.length > 0 ? ['turns', String(whole.turnsInAll), 'turnBytes', String(turnBytes)] : []),
    ...turns.flatMap(({ ordinal, ownId, digest }) =>
      ownId === null ? [] : [`turn#${ordinal}`, ownId, `turn:${ownId}`, digest ?? ''],
    ),
  ]
  await commands.eval(
    GIVE,
    3,
    ...[keys.session(id), keys.sessionTurns(id), keys.liveSessions(shardOf(id))],
    ...[id, whole.expiresAt, fields.length, ...fields, ...turns.map(({ turn }) => turn)],
  )
}

export const sessionExists = async ({ commands }: RedisStore, id: string): Promise<boolean> =>
  (await commands.exists(keys.session(id))) === 1

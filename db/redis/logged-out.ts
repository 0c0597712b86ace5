import type { RedisStore } from './client'
import { keys, sessionShards } from './keys'
import { byShard, slices } from './sessions'

/** At most this many in one script: well below a millisecond (R8). */
const PER_SCRIPT = 25

/** `begun` is the life that was meant; null for whichever there is. */
export type Meant = { id: string; begun: string | null }

/**
 * KEYS: index, what this log-out took, and four per session: itself, its turns, and where both wait.
 * ARGV: the log-out, milliseconds to keep them, then id and life of each.
 */
const LOG_OUT = `
local out = 0
for at = 1, (#KEYS - 2) / 4 do
  local session, turns, gone, goneTurns = unpack(KEYS, at * 4 - 1, at * 4 + 2)
  local id, begun = ARGV[at * 2 + 1], ARGV[at * 2 + 2]
  local is = redis.call('TYPE', session).ok
  if is == 'hash' and (begun == '*' or (redis.call('HGET', session, 'begun') or '') == begun) then
    redis.call('ZADD', KEYS[2], redis.call('PEXPIRETIME', session), id)
    redis.call('UNLINK', gone, goneTurns)
    redis.call('RENAME', session, gone)
    redis.call('HSET', gone, 'loggedOut', ARGV[1])
    redis.call('PEXPIRE', gone, ARGV[2])
    if redis.call('EXISTS', turns) == 1 then
      redis.call('RENAME', turns, goneTurns)
      redis.call('PEXPIRE', goneTurns, ARGV[2])
    end
    redis.call('ZREM', KEYS[1], id)
    out = out + 1
  end
end
if out > 0 then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return out`

/**
 * Takes sessions away at once, each with its turns, and keeps them aside for `keepMs`: nothing reads them there but
 * `restoreSome`. How many there were.
 */
export async function logOutSessions(
  { commands }: RedisStore,
  { logout, sessions, keepMs }: { logout: string; sessions: readonly Meant[]; keepMs: number },
): Promise<number> {
  let out = 0
  for (const { shard, mine } of byShard(sessions)) {
    for (const some of slices(mine, PER_SCRIPT)) {
      const names = some.flatMap(({ id }) => namesOf(id))
      const meant = some.flatMap(({ id, begun }) => [id, begun ?? '*'])
      const [live, taken] = [keys.liveSessions(shard), keys.loggedOut(shard, logout)]
      out += Number(
        await commands.eval(LOG_OUT, names.length + 2, live, taken, ...names, logout, Math.round(keepMs), ...meant),
      )
    }
  }
  return out
}

/** What became of sessions that were to come back: `taken` are ids under which a new session was begun. */
export type Restored = { restored: number; taken: number; expired: number }

/** KEYS as above; ARGV: the log-out, the time, then the ids. */
const RESTORE = `
local restored, taken, expired = 0, 0, 0
for at = 1, (#KEYS - 2) / 4 do
  local session, turns, gone, goneTurns = unpack(KEYS, at * 4 - 1, at * 4 + 2)
  local id = ARGV[at + 2]
  local expires = redis.call('ZSCORE', KEYS[2], id)
  redis.call('ZREM', KEYS[2], id)
  if expires then
    if redis.call('HGET', gone, 'loggedOut') ~= ARGV[1] or tonumber(expires) <= tonumber(ARGV[2]) then
      expired = expired + 1
    elseif redis.call('EXISTS', session) == 1 then
      taken = taken + 1
    else
      redis.call('HDEL', gone, 'loggedOut')
      redis.call('RENAME', gone, session)
      redis.call('PEXPIREAT', session, expires)
      if redis.call('EXISTS', goneTurns) == 1 then
        redis.call('UNLINK', turns)
        redis.call('RENAME', goneTurns, turns)
        redis.call('PEXPIREAT', turns, expires)
      end
      redis.call('ZADD', KEYS[1], expires, id)
      restored = restored + 1
    end
  end
end
return { restored, taken, expired }`

/** Brings back some of what a log-out took, with the time that they had left; null when nothing of it is left. */
export async function restoreSome(
  { commands }: RedisStore,
  { logout, shard }: { logout: string; shard: number },
): Promise<Restored | null> {
  const [live, taken] = [keys.liveSessions(shard), keys.loggedOut(shard, logout)]
  const ids = await commands.zrange(taken, 0, String(PER_SCRIPT - 1))
  if (ids.length === 0) return null
  const names = ids.flatMap(namesOf)
  const args = [live, taken, ...names, logout, String(Date.now()), ...ids]
  const counts = await commands.eval(RESTORE, names.length + 2, ...args)
  const [restored, others, expired] = counts as [number, number, number]
  return { restored, taken: others, expired }
}

const namesOf = (id: string) => [keys.session(id), keys.sessionTurns(id), keys.goneSession(id), keys.goneTurns(id)]

const IDS_PER_CALL = 500

/** Whether one of these log-outs took sessions that wait aside and whose id begins so. */
export async function anyAsideInRedis(
  { commands }: RedisStore,
  { start, logouts }: { start: string; logouts: readonly string[] },
) {
  for (const logout of logouts)
    for (const shard of sessionShards)
      for (let from = 0; ; from += IDS_PER_CALL) {
        const ids = await commands.zrange(keys.loggedOut(shard, logout), from, String(from + IDS_PER_CALL - 1))
        if (ids.some((id) => id.startsWith(start))) return true
        if (ids.length < IDS_PER_CALL) break
      }
  return false
}

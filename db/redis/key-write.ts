import { Cluster } from 'ioredis'
import type { RedisStore } from './client'
import { SMALL_BYTES } from './key-read'
import { keys } from './keys'

type Asked = Pick<RedisStore, 'commands'>

/** `gone`: no such key; `type`: of another type; `changed`: no longer what was read; `last`: the key would go with it. */
export type Refusal = 'gone' | 'type' | 'changed' | 'last'

/**
 * Writes one part of a value if it is still what was read. ARGV: type, part, before, after; before and after are `+` and
 * the bytes, or `-` for nothing. A field keeps its own time to live.
 */
const EDIT = `
local key, kind, at, before, after = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local found = redis.call('TYPE', key).ok
if found == 'none' then return 'gone' end
if found ~= kind then return 'type' end
local was, to = string.sub(before, 2), string.sub(after, 2)
local had, keeps = string.sub(before, 1, 1) == '+', string.sub(after, 1, 1) == '+'
local function matches(value) if had then return value == was else return value == false end end
if kind == 'string' then
  if redis.call('STRLEN', key) ~= #was or redis.call('GET', key) ~= was then return 'changed' end
  redis.call('SET', key, to, 'KEEPTTL')
elseif kind == 'hash' then
  if had and redis.call('HSTRLEN', key, at) ~= #was then return 'changed' end
  if not matches(redis.call('HGET', key, at)) then return 'changed' end
  if keeps then
    local ends = redis.pcall('HPEXPIRETIME', key, 'FIELDS', 1, at)
    redis.call('HSET', key, at, to)
    if had and type(ends) == 'table' and not ends.err and ends[1] and ends[1] > 0 then
      redis.call('HPEXPIREAT', key, ends[1], 'FIELDS', 1, at)
    end
  else
    if redis.call('HLEN', key) == 1 then return 'last' end
    redis.call('HDEL', key, at)
  end
elseif kind == 'list' then
  if not matches(redis.call('LINDEX', key, at)) then return 'changed' end
  redis.call('LSET', key, at, to)
elseif kind == 'set' then
  if (redis.call('SISMEMBER', key, at) == 1) ~= had then return 'changed' end
  if keeps and to ~= at and redis.call('SISMEMBER', key, to) == 1 then return 'changed' end
  if not keeps and redis.call('SCARD', key) == 1 then return 'last' end
  if keeps then redis.call('SADD', key, to) end
  if had and not (keeps and to == at) then redis.call('SREM', key, at) end
else
  local score = redis.call('ZSCORE', key, at)
  if had ~= (score ~= false) or (had and tonumber(score) ~= tonumber(was)) then return 'changed' end
  if keeps then redis.call('ZADD', key, to, at)
  else
    if redis.call('ZCARD', key) == 1 then return 'last' end
    redis.call('ZREM', key, at)
  end
end
return 'done'`

export type Edit = { key: Buffer; type: string; at: Buffer; before: Buffer | null; after: Buffer | null }

const given = (bytes: Buffer | null) => (bytes === null ? '-' : Buffer.concat([Buffer.from('+'), bytes]))

/** Null where it was done. */
export async function editPart({ commands }: Asked, edit: Edit): Promise<Refusal | null> {
  const { key, type, at, before, after } = edit
  const said = (await commands.eval(EDIT, 1, key, type, at, given(before), given(after))) as Refusal | 'done'
  return said === 'done' ? null : said
}

const EXPIRE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 'gone' end
local now = redis.call('PEXPIRETIME', KEYS[1])
if now ~= tonumber(ARGV[1]) then return 'changed' end
if ARGV[2] == '-1' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIREAT', KEYS[1], ARGV[2]) end
return 'done'`

type Expiry = { key: Buffer; before: number | null; after: number | null }

/** Epoch milliseconds, null where it stays. */
export async function expireKey({ commands }: Asked, { key, before, after }: Expiry): Promise<Refusal | null> {
  const said = (await commands.eval(EXPIRE, 1, key, before ?? -1, after ?? -1)) as Refusal | 'done'
  return said === 'done' ? null : said
}

/** ARGV: mark, how many bytes are small, milliseconds that it waits in KEYS[2], where there is one. */
const DELETE = `
local key, mark = KEYS[1], ARGV[1]
local lengths = { string = 'STRLEN', hash = 'HLEN', list = 'LLEN', set = 'SCARD', zset = 'ZCARD', stream = 'XLEN', vectorset = 'VCARD' }
local kind = redis.call('TYPE', key).ok
if kind == 'none' then return { 'gone', -1 } end
local now
if string.sub(mark, 1, 7) == 'digest:' then
  if redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 5) > 4 * tonumber(ARGV[2]) then return { 'changed', -1 } end
  now = 'digest:' .. redis.sha1hex(redis.call('DUMP', key))
else
  now = 'length:' .. kind .. ':' .. (lengths[kind] and redis.call(lengths[kind], key) or '')
end
if now ~= mark then return { 'changed', -1 } end
local ends = redis.call('PEXPIRETIME', key)
if KEYS[2] then
  redis.call('RENAME', key, KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
else
  redis.call('UNLINK', key)
end
return { 'done', ends }`

type Deletion = { key: Buffer; mark: string; trash: Buffer | null; keepMs: number }

/** Deletes a key that is still what was read; with `trash` it waits there, whatever its size, in constant time. */
export async function deleteKey({ commands }: Asked, { key, mark, trash, keepMs }: Deletion) {
  const names = trash ? [key, trash] : [key]
  const reply = await commands.eval(DELETE, names.length, ...names, mark, SMALL_BYTES, keepMs)
  const [said, ends] = reply as [Refusal | 'done', number]
  return said === 'done' ? { refusal: null, expiresAt: ends < 0 ? null : ends } : { refusal: said, expiresAt: null }
}

const RESTORE = `
if redis.call('EXISTS', KEYS[2]) == 0 then return 'late' end
if redis.call('EXISTS', KEYS[1]) == 1 then return 'taken' end
local now = redis.call('TIME')
local ends = tonumber(ARGV[1])
if ends >= 0 and ends <= now[1] * 1000 + math.floor(now[2] / 1000) then return 'expired' end
redis.call('RENAME', KEYS[2], KEYS[1])
if ends < 0 then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIREAT', KEYS[1], ARGV[1]) end
return 'done'`

export type Restored = 'done' | 'late' | 'taken' | 'expired'

/** Takes a deletion back, with the time that was left; a key that was made meanwhile stays. */
export async function restoreKey(
  { commands }: Asked,
  { key, trash, expiresAt }: { key: Buffer; trash: Buffer; expiresAt: number | null },
): Promise<Restored> {
  return (await commands.eval(RESTORE, 2, key, trash, expiresAt ?? -1)) as Restored
}

const OPEN = '{'.charCodeAt(0)
const CLOSE = '}'.charCodeAt(0)

/**
 * Where a deleted key waits, in its own slot of a cluster; null where no name can be in that slot: the whole name is its
 * tag then, and holds what would end the tag.
 */
export function trashName({ commands }: Asked, key: Buffer, id: string): Buffer | null {
  if (!(commands instanceof Cluster)) return keys.trash(Buffer.alloc(0), id)
  const open = key.indexOf(OPEN)
  const close = open < 0 ? -1 : key.indexOf(CLOSE, open + 1)
  if (close > open + 1) return keys.trash(key.subarray(open + 1, close), id)
  return key.length === 0 || key.includes(CLOSE) ? null : keys.trash(key, id)
}

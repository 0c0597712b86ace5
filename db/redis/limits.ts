import type { RedisStore } from './client'
import { families, keys } from './keys'
import { scanKeys } from './scan'

export type LimitTerms = {
  kind: 'fixed_window' | 'sliding_window' | 'token_bucket'
  points: number
  windowSeconds: number
  /** Points that flow into a bucket per window; null of windows. */
  refillPoints: number | null
}
/** `tenant` is empty where the caller named none. */
export type LimitCounter = { policyId: string; tenant: string; subject: string }
export type Consumed = {
  allowed: boolean
  remaining: number
  /** Milliseconds until nothing is used any more, if nothing else is asked. */
  resetMs: number
  /** Milliseconds until as many points would be admitted; null where they were, or never will be. */
  retryMs: number | null
}

/** A sliding window is counted in this many slots: a point counts for the window and at most one slot more. */
export const SLOTS_PER_WINDOW = 60

/**
 * Decides in one step, by the clock of Redis, so that gateways whose clocks differ agree. What is refused is not counted.
 * The same arithmetic as `consume_limit` in Postgres, all of it in whole numbers: a bucket is counted in units of
 * 1 / window of a point. A counter never goes back in time with the clock of a replica that took over.
 */
const CONSUME = `
local kind, points, limit, window, refill = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = function (number) return string.format('%.0f', number) end
local allowed, remaining, reset, retry = false, 0, 0, -1

if kind == 'token_bucket' then
  local at, level = unpack(redis.call('HMGET', KEYS[1], 'at', 'level'))
  now = math.max(now, tonumber(at or now))
  level = math.min(limit * window, at and level + (now - at) * refill or limit * window)
  allowed = level >= points * window
  if allowed then level = level - points * window
  elseif points <= limit then retry = math.ceil((points * window - level) / refill) end
  remaining, reset = math.floor(level / window), math.ceil((limit * window - level) / refill)
  if allowed then redis.call('HSET', KEYS[1], 'at', text(now), 'level', text(level)) end
elseif kind == 'sliding_window' then
  local size = math.ceil(window / ${SLOTS_PER_WINDOW})
  local slots, used, flat = {}, 0, redis.call('HGETALL', KEYS[1])
  for i = 1, #flat, 2 do now = math.max(now, flat[i] * size) end
  local slot = math.floor(now / size)
  for i = 1, #flat, 2 do
    if tonumber(flat[i]) < slot - ${SLOTS_PER_WINDOW} then redis.call('HDEL', KEYS[1], flat[i])
    else
      slots[#slots + 1] = { tonumber(flat[i]), tonumber(flat[i + 1]) }
      used = used + flat[i + 1]
    end
  end
  allowed = used + points <= limit
  if allowed then
    used = used + points
    slots[#slots + 1] = { slot, points }
    redis.call('HINCRBY', KEYS[1], text(slot), points)
  elseif points <= limit then
    table.sort(slots, function (a, b) return a[1] < b[1] end)
    local freed = 0
    for _, one in ipairs(slots) do
      freed = freed + one[2]
      retry = (one[1] + ${SLOTS_PER_WINDOW} + 1) * size - now
      if used - freed + points <= limit then break end
    end
  end
  remaining = limit - used
  for _, one in ipairs(slots) do reset = math.max(reset, (one[1] + ${SLOTS_PER_WINDOW} + 1) * size - now) end
else
  local at, used = unpack(redis.call('HMGET', KEYS[1], 'at', 'level'))
  local current = math.floor(now / window)
  at, used = tonumber(at or current), tonumber(used or 0)
  if at < current then at, used = current, 0 end
  allowed = used + points <= limit
  if allowed then used = used + points end
  remaining, reset = limit - used, (at + 1) * window - now
  if not allowed and points <= limit then retry = reset end
  if allowed then redis.call('HSET', KEYS[1], 'at', text(at), 'level', text(used)) end
end
if allowed then redis.call('PEXPIRE', KEYS[1], text(math.max(reset, 1))) end
return { allowed and 1 or 0, math.max(remaining, 0), reset, retry }`

const keyOf = ({ policyId, tenant, subject }: LimitCounter, { kind, windowSeconds }: LimitTerms) =>
  keys.limit(policyId, tenant, subject, `${kind}:${windowSeconds}`)

/** Takes points if they are there, in one command. */
export async function consumeLimit(
  { commands }: RedisStore,
  { counter, terms, points }: { counter: LimitCounter; terms: LimitTerms; points: number },
): Promise<Consumed> {
  const args = [terms.kind, points, terms.points, terms.windowSeconds * 1000, terms.refillPoints ?? 0]
  const reply = await commands.eval(CONSUME, 1, keyOf(counter, terms), ...args)
  const [allowed, remaining, resetMs, retryMs] = reply as [number, number, number, number]
  return { allowed: allowed === 1, remaining, resetMs, retryMs: retryMs < 0 ? null : retryMs }
}

/** Whether there was one. */
export async function resetLimit(
  { commands }: RedisStore,
  { counter, terms }: { counter: LimitCounter; terms: LimitTerms },
): Promise<boolean> {
  return (await commands.unlink(keyOf(counter, terms))) === 1
}

/** How many counters of a tenant went. */
export async function eraseLimitsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, families.limits.pattern)) {
    const mine = batch.filter((key) => keys.limitTenant(key) === tenant)
    const removed = await Promise.all(mine.map((key) => redis.commands.unlink(key)))
    erased += removed.reduce((sum, one) => sum + one, 0)
  }
  return erased
}

import { randomUUID } from 'node:crypto'
import type { RedisStore } from './client'
import { families, keys } from './keys'
import { scanKeys } from './scan'

/** Longer than any transaction of a gateway may take (R5): after that a writer that is silent was killed. */
const WRITER_MS = 10_000
const EPOCH_SECONDS = 3_600

/** Milliseconds since 1970 by Redis' own clock, as text without an exponent. */
const NOW = `
local time = redis.call('TIME')
local function at(ms) return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ms) end`

const READ = `${NOW}
if redis.call('ZCOUNT', KEYS[2], '(' .. at(0), '+inf') > 0 then return { '' } end
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ${EPOCH_SECONDS})
  return { ARGV[1] }
end
local answer = redis.call('GET', KEYS[3])
if answer and string.sub(answer, 1, #epoch) == epoch then return { epoch, string.sub(answer, #epoch + 1) } end
return { epoch }`

const FILL = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[1] .. ARGV[2], 'EX', ARGV[3])
return 1`

const BEGIN = `${NOW}
redis.call('ZADD', KEYS[2], at(${WRITER_MS}), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', at(0))
redis.call('PEXPIRE', KEYS[2], ${2 * WRITER_MS})
redis.call('UNLINK', KEYS[1])`

const END = `
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('UNLINK', KEYS[1])`

const fences = (tenant: string) => [keys.memoryEpoch(tenant), keys.memoryWriters(tenant)] as const

/**
 * The answer to a search, where one is kept that no write came after (R4). `epoch` is the token of this miss, which
 * `fillSearch` needs; null while somebody writes: what is read then may be older than what is acknowledged next.
 */
export async function readSearch({ commands }: RedisStore, tenant: string, digest: string) {
  const found = await commands.eval(READ, 3, ...fences(tenant), keys.memorySearch(tenant, digest), randomUUID())
  const [epoch, answer] = found as [string, string?]
  return { epoch: epoch === '' ? null : epoch, answer: answer ?? null }
}

/** Keeps an answer read after `epoch` was captured, unless a write began since. */
export async function fillSearch(
  { commands }: RedisStore,
  tenant: string,
  { digest, epoch, answer }: { digest: string; epoch: string; answer: string },
): Promise<boolean> {
  const [key] = fences(tenant)
  const filled = await commands.eval(
    FILL,
    2,
    key,
    keys.memorySearch(tenant, digest),
    epoch,
    answer,
    families.memory.ttlSeconds,
  )
  return filled === 1
}

/**
 * Before a write is committed: every kept answer is void, and none is kept until `endWrite`, or until the writer has
 * been silent for so long that it must have been killed.
 */
export async function beginWrite({ commands }: RedisStore, tenant: string): Promise<string> {
  const writer = randomUUID()
  await commands.eval(BEGIN, 2, ...fences(tenant), writer)
  return writer
}

export async function endWrite({ commands }: RedisStore, tenant: string, writer: string): Promise<void> {
  await commands.eval(END, 2, ...fences(tenant), writer)
}

/** Voids every kept answer of a tenant, for a write that Redis did not hear of. */
export async function voidSearches({ commands }: RedisStore, tenant: string): Promise<void> {
  await commands.unlink(keys.memoryEpoch(tenant))
}

/** How many keys went: kept answers and what fences them. */
export async function eraseSearchesOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const batch of scanKeys(redis, keys.memoryOfTenant(tenant))) {
    const replies = await Promise.all(batch.map((key) => redis.commands.unlink(key)))
    for (const removed of replies) erased += removed
  }
  return erased
}

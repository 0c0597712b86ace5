import { createHash } from 'node:crypto'
import type { AnswerKey } from './cache'
import type { RedisStore } from './client'
import { families, keys } from './keys'
import { scanKeys } from './scan'

type OfVersion = { name: string; version: number }

/** Expired digests that go with each new one, so that a set in use never grows by them. */
const DROPPED_WITH_EACH = 20
const MOST_SETS = 500
const PER_SCAN = 100
/** A set outlives its last digest by this much: time for the worker to take the digests out in steps (R8). */
const GRACE_MS = 5 * 60_000

const NOTE = `
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, ${DROPPED_WITH_EACH})
if #expired > 0 then redis.call('ZREM', KEYS[1], unpack(expired)) end
if redis.call('PTTL', KEYS[1]) < ARGV[4] - ARGV[3] then redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end`

const hash = (text: string, length: number) => createHash('sha256').update(text).digest('base64url').slice(0, length)
/** Begins every digest of a tenant, so that an erasure finds them without knowing what was cached. */
const tenantMark = (tenant: string) => hash(tenant, 8)
const digestOf = ({ namespace, tenant, key }: AnswerKey) =>
  tenantMark(tenant) + hash(JSON.stringify([namespace, tenant, key]), 16)

/** Notes that an answer was made with a version of a prompt. The same answer again is the same digest: it counts once. */
export async function noteAnswerOfVersion(
  { commands }: Pick<RedisStore, 'commands'>,
  { prompt, answer, ttlSeconds, now }: { prompt: OfVersion; answer: AnswerKey; ttlSeconds: number; now: number },
): Promise<void> {
  const { name, version } = prompt
  const set = keys.promptAnswers(name, version)
  const expiresAt = now + ttlSeconds * 1000
  const goneAt = expiresAt + GRACE_MS
  await Promise.all([
    commands.eval(NOTE, 1, set, expiresAt, digestOf(answer), now, goneAt),
    commands.zadd(keys.promptAnswersIndex(), 'GT', String(goneAt), set),
  ])
}

/**
 * How many answers of a version have not expired; O(log n). At most: what was evicted, deleted or overwritten meanwhile
 * is not seen.
 */
export const countAnswersOfVersion = ({ commands }: Pick<RedisStore, 'commands'>, of: OfVersion, now: number) =>
  commands.zcount(keys.promptAnswers(of.name, of.version), `(${now}`, '+inf')

/** The sets that there are, those that end first; `now` also forgets the ones that have ended. */
export async function listAnswerSets({ commands }: RedisStore, now: number): Promise<string[]> {
  const index = keys.promptAnswersIndex()
  await commands.zremrangebyscore(index, '-inf', now)
  return commands.zrange(index, '0', `${MOST_SETS - 1}`)
}

/** Drops up to `limit` digests that expired by `now`, and says how many went. */
export async function dropExpiredDigests(
  { commands }: RedisStore,
  { set, now, limit }: { set: string; now: number; limit: number },
): Promise<number> {
  const last = await commands.zrangebyscore(set, '-inf', now, 'WITHSCORES', 'LIMIT', limit - 1, 1)
  return commands.zremrangebyscore(set, '-inf', last.flat().at(-1) ?? now)
}

/** Takes a tenant's digests out of every set, and says how many there were. */
export async function eraseDigestsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  let erased = 0
  for await (const sets of scanKeys(redis, families.promptAnswers.pattern)) {
    for (const set of sets) if (set !== keys.promptAnswersIndex()) erased += await eraseFrom(redis, set, tenant)
  }
  return erased
}

/** How many of a tenant's digests there are, in all sets. */
export async function countDigestsOfTenant(redis: RedisStore, tenant: string): Promise<number> {
  const sets = new Set<string>()
  for await (const batch of scanKeys(redis, families.promptAnswers.pattern)) for (const set of batch) sets.add(set)
  sets.delete(keys.promptAnswersIndex())
  let counted = 0
  for (const set of sets) {
    const mine = new Set<string>()
    for await (const digests of digestsIn(redis, set, tenant)) for (const digest of digests) mine.add(digest)
    counted += mine.size
  }
  return counted
}

async function eraseFrom(redis: RedisStore, set: string, tenant: string): Promise<number> {
  let erased = 0
  for await (const digests of digestsIn(redis, set, tenant)) erased += await redis.commands.zrem(set, ...digests)
  return erased
}

async function* digestsIn({ commands }: RedisStore, set: string, tenant: string): AsyncGenerator<string[]> {
  let cursor = '0'
  do {
    const [next, found] = await commands.zscan(set, cursor, 'MATCH', `${tenantMark(tenant)}*`, 'COUNT', PER_SCAN)
    cursor = next
    const digests = found.filter((_, index) => index % 2 === 0)
    if (digests.length > 0) yield digests
  } while (cursor !== '0')
}

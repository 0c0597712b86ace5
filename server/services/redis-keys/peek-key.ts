import { type KeyFacts, type KeyPart, readFacts, readMore, readPage } from '@/db/redis/key-read'
import type { Stores } from '@/server/services/context'
import { fixedBecause, isUndoable } from './fixed'
import { familyOf } from './key-family'
import type { KeyRef, PageOfKey } from './redis-keys.schema'
import { askRedis, type OpenedRedis, redisOf } from './redis-of'

/** Everything about one key but its value; null where there is none (any more), which is no error: keys expire. */
export async function peekKey(stores: Stores, input: KeyRef) {
  const opened = await redisOf(stores, input.connection)
  const key = Buffer.from(input.key, 'base64url')
  const facts = await factsOf(opened, key)
  if (!facts) return null
  const more = await askRedis(opened, () => readMore(opened.redis, key, facts.type))
  return {
    ...facts,
    more: more.map(([name, value]) => ({ name, value })),
    family: familyOf(key),
    /** Why it cannot be changed here; null where a role alone decides. */
    fixed: fixedBecause(opened, key),
    /** Whether a deletion can be taken back for a while. */
    undoable: isUndoable(opened, key, facts.bytes),
    asOf: new Date().toISOString(),
  }
}
export type PeekedKey = NonNullable<Awaited<ReturnType<typeof peekKey>>>

/** One page of a key's value; `unreadable` says why there is none. */
export async function pageOfKey(stores: Stores, input: PageOfKey) {
  const opened = await redisOf(stores, input.connection)
  const key = Buffer.from(input.key, 'base64url')
  const { type, length, bytes } = (await factsOf(opened, key)) ?? { type: 'none', length: null, bytes: null }
  const page = await askRedis(opened, () =>
    readPage(opened.redis, { key, type, cursor: input.cursor, length: length ?? 0, bytes }),
  )
  return {
    type,
    length,
    parts: (page?.parts ?? []).map(shown),
    next: page?.next ?? null,
    sampled: page?.sampled ?? false,
    unreadable: page ? null : whyNot(type, length),
  }
}
export type PagedKey = Awaited<ReturnType<typeof pageOfKey>>
export type ShownPart = PagedKey['parts'][number]

const encoded = (bytes: Buffer) => bytes.toString('base64url')
const shown = ({ at, value, bytes, score, fields }: KeyPart) => ({
  at: encoded(at),
  value: value && encoded(value),
  bytes,
  score: score ?? null,
  fields: fields?.map(([name, value]) => ({ name: encoded(name), value: encoded(value) })) ?? null,
})

const factsOf = (opened: OpenedRedis, key: Buffer): Promise<KeyFacts | null> =>
  askRedis(opened, () => readFacts(opened.redis, key))

function whyNot(type: string, length: number | null): string {
  if (type === 'none') return 'There is no key of this name any more.'
  return length === null
    ? `Engram does not know the type ${type}: only its facts are shown.`
    : 'Its parts are too large to be fetched without slowing this Redis down.'
}

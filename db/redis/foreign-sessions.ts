import type { RedisStore } from './client'
import { quietly } from './key-read'

type Asked = Pick<RedisStore, 'commands'>

/** A value above this is not fetched to find its user. */
export const MOST_READ_BYTES = 64 * 1024
/** So many keys are asked about at once: others' commands come in between. */
const AT_ONCE = 25

/** What Redis holds under one key. `value` is the whole string or the field; null where there is none, or too much. */
export type Holding = {
  key: Buffer
  type: string
  /** With everything around it, from a sample of five parts; null where Redis does not say. */
  bytes: number | null
  /** Epoch milliseconds; null where it stays. */
  expiresAt: number | null
  value: Buffer | null
  /** Whether `value` is missing because it is too large. */
  tooLarge: boolean
}

/** Looks at keys without keeping them alive; `field` is what is read of a hash. Those that went meanwhile are left out. */
export async function readHoldings(redis: Asked, keys: readonly Buffer[], field: string | null): Promise<Holding[]> {
  const found: Holding[] = []
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => holdingOf(redis, key, field)))
    found.push(...some.filter((one) => one !== null))
  }
  return found
}

async function holdingOf(redis: Asked, key: Buffer, field: string | null): Promise<Holding | null> {
  const { commands } = redis
  const [type, expires, bytes] = await Promise.all([
    commands.type(key),
    commands.pexpiretime(key),
    quietly(commands.memory('USAGE', key, 'SAMPLES', 5)),
  ])
  if (type === 'none') return null
  // Replaced by another type in between: it has no value this time.
  const read = await quietly(valueOf(redis, { key, type, field }))
  const { value, tooLarge } = read ?? { value: null, tooLarge: false }
  return { key, type, bytes, expiresAt: expires < 0 ? null : expires, value, tooLarge }
}

async function valueOf({ commands }: Asked, { key, type, field }: { key: Buffer; type: string; field: string | null }) {
  const nothing = { value: null, tooLarge: false }
  const tooLarge = { value: null, tooLarge: true }
  if (type === 'string') {
    if ((await commands.strlen(key)) > MOST_READ_BYTES) return tooLarge
    return { ...nothing, value: await commands.getrangeBuffer(key, 0, MOST_READ_BYTES) }
  }
  if (type !== 'hash' || field === null) return nothing
  if ((await commands.hstrlen(key, field)) > MOST_READ_BYTES) return tooLarge
  return { ...nothing, value: await commands.hgetBuffer(key, field) }
}

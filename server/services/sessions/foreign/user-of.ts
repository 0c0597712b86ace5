import type { Decoding } from '@/server/services/cache/census/census.schema'
import { keyText, utf8OrNull } from '@/server/services/redis-keys/key-text.schema'

export type Decoded = { decode: Decoding; userAt: string | null }
/** Whose session a value is; `why` says why nobody knows. `readable` is false where it is not what the family says. */
export type Whose = { user: string | null; why: string | null; readable: boolean }

const MOST_CHARACTERS = 200
const JAVA_STRING = Buffer.from([0xac, 0xed, 0x00, 0x05, 0x74])

/** Whose session this value is, as the family was declared. Nothing that it holds makes it fail. */
export function userOf({ decode, userAt }: Decoded, value: Buffer | null): Whose {
  const unknown = (why: string, readable = true): Whose => ({ user: null, why, readable })
  if (decode === 'json') {
    const json = value && parsed(value)
    if (!json) return unknown('the value is not JSON', value === null)
    if (userAt === null) return unknown('nobody said where the user is')
    return named(at(json.value, userAt)) ?? unknown(`nothing stands at ${userAt}`)
  }
  if (decode !== 'hash')
    return unknown(decode === 'opaque' ? 'nothing but its software can read it' : 'a plain value names no user')
  if (userAt === null) return unknown('nobody said where the user is')
  if (value === null) return unknown(`it has no field ${userAt}`)
  return named(ofField(value)) ?? unknown(`${userAt} holds no name that can be read`)
}

/** Null for what is no name. */
function named(found: unknown): Whose | null {
  const text = typeof found === 'number' || typeof found === 'bigint' ? String(found) : found
  if (typeof text !== 'string' || text === '') return null
  return { user: keyText(Buffer.from(text), MOST_CHARACTERS), why: null, readable: true }
}

/** In a box, because JSON may be null. */
function parsed(value: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(utf8OrNull(value) ?? '') as unknown }
  } catch {
    return null // Shown as what it is, and said to be none.
  }
}

/** `passport.user` is the name of a field, or a way through objects. */
function at(json: unknown, path: string): unknown {
  if (has(json, path)) return json[path]
  return path.split('.').reduce((inside: unknown, name) => (has(inside, name) ? inside[name] : undefined), json)
}

const has = (inside: unknown, name: string): inside is Record<string, unknown> =>
  typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name)

/** A text, a text in JSON, or one as Java's ObjectOutputStream writes it, which Spring does by default. */
function ofField(value: Buffer): unknown {
  if (value.subarray(0, 5).equals(JAVA_STRING) && value.length >= 7)
    return utf8OrNull(value.subarray(7, 7 + value.readUInt16BE(5)))
  const json = parsed(value)
  return typeof json?.value === 'string' ? json.value : utf8OrNull(value)
}

import { createHash } from 'node:crypto'
import type { RedisStore } from './client'

type Asked = Pick<RedisStore, 'commands'>

/** Small enough that copying it out of Redis takes a fraction of a millisecond. */
export const SMALL_BYTES = 16 * 1024

export type KeyFacts = {
  type: string
  /** Bytes of a string; else how many parts it has. Null for types that only their module knows. */
  length: number | null
  /** With everything around it, from a sample of five parts; null where Redis does not say. */
  bytes: number | null
  encoding: string | null
  /** Epoch milliseconds; null where it stays. */
  expiresAt: number | null
  /** Changes when the value does: of small values a digest, of others the length only. */
  mark: string
}

export async function readFacts({ commands }: Asked, key: Buffer): Promise<KeyFacts | null> {
  const type = await commands.type(key)
  if (type === 'none') return null
  const [length, bytes, encoding, expires] = await Promise.all([
    lengthOf({ commands }, key, type),
    quietly(commands.memory('USAGE', key, 'SAMPLES', 5)),
    quietly(commands.object('ENCODING', key)),
    commands.pexpiretime(key),
  ])
  const small = bytes !== null && bytes <= SMALL_BYTES
  const dump = small ? await quietly(commands.dumpBuffer(key)) : null
  return {
    type,
    length,
    bytes,
    encoding: encoding === null ? null : String(encoding),
    expiresAt: expires < 0 ? null : expires,
    mark: dump ? `digest:${createHash('sha1').update(dump).digest('hex')}` : `length:${type}:${length ?? ''}`,
  }
}

const LENGTHS: Record<string, string> = {
  string: 'STRLEN',
  hash: 'HLEN',
  list: 'LLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
  vectorset: 'VCARD',
}

async function lengthOf({ commands }: Asked, key: Buffer, type: string): Promise<number | null> {
  const command = LENGTHS[type]
  return command === undefined ? null : Number(await commands.call(command, [key]))
}

/** For what some servers, policies and users do not know or allow, and what is left out then. */
export async function quietly<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return null
    throw error
  }
}

/** One part: a field, an index, a member or an id, and what is there. `value` is null where it is too large to fetch. */
export type KeyPart = { at: Buffer; value: Buffer | null; bytes: number; score?: string; fields?: [Buffer, Buffer][] }
/** `next` is where the next page begins, null after the last. `sampled` says that parts come at random, without order. */
export type KeyPage = { parts: KeyPart[]; next: string | null; sampled?: boolean }

export type PageAsked = { key: Buffer; type: string; cursor: string | null; length: number; bytes: number | null }

const PAGE = 100
/** Bytes of one page: what parts weigh on average decides how many come. */
const PAGE_BYTES = 512 * 1024
/** A part above this is not fetched whole; hashes alone say beforehand. */
const PART_BYTES = 64 * 1024
export const CHUNK_BYTES = 64 * 1024

/** How many parts a page may have; 0 where a single one is too large. */
function pageSize({ bytes, length }: PageAsked): number {
  const average = Math.max(1, (bytes ?? 0) / Math.max(1, length))
  return average > 8 * PAGE_BYTES ? 0 : Math.max(1, Math.min(PAGE, Math.floor(PAGE_BYTES / average)))
}

/** A page of the value, whatever its type; null where its parts are too large to be fetched, or of an unknown type. */
export async function readPage(redis: Asked, asked: PageAsked): Promise<KeyPage | null> {
  const size = pageSize(asked)
  if (size === 0 && asked.type !== 'string' && asked.type !== 'hash') return null
  switch (asked.type) {
    case 'string':
      return stringChunk(redis, asked)
    case 'hash':
      return hashPage(redis, asked, Math.max(1, size))
    case 'list':
      return listPage(redis, asked, size)
    case 'set':
      return setPage(redis, asked, size)
    case 'zset':
      return zsetPage(redis, asked, size)
    case 'stream':
      return streamPage(redis, asked, size)
    case 'vectorset':
      return vectorPage(redis, asked, size)
    default:
      return null
  }
}

async function stringChunk({ commands }: Asked, { key, cursor, length }: PageAsked): Promise<KeyPage> {
  const from = Number(cursor ?? 0)
  const value = await commands.getrangeBuffer(key, from, from + CHUNK_BYTES - 1)
  const to = from + value.length
  return {
    parts: [{ at: Buffer.from(String(from)), value, bytes: value.length }],
    next: value.length > 0 && to < length ? String(to) : null,
  }
}

/** Fields without their values first: HSCAN would send a value of any size. Redis before 7.4 knows no other way. */
async function hashPage({ commands }: Asked, { key, cursor }: PageAsked, size: number): Promise<KeyPage> {
  const scan = [key, cursor ?? '0', 'COUNT']
  const bare = await quietly(commands.callBuffer('HSCAN', [...scan, PAGE, 'NOVALUES']))
  if (bare === null) {
    const [next, flat] = (await commands.callBuffer('HSCAN', [...scan, size])) as [Buffer, Buffer[]]
    const parts = pairsOf(flat).map(([at, value]) => ({ at, value, bytes: value.length }))
    return { parts: parts.map(lighten), next: onward(next) }
  }
  const [next, fields] = bare as [Buffer, Buffer[]]
  const lengths = await Promise.all(fields.map((field) => commands.hstrlen(key, field)))
  let room = 2 * PAGE_BYTES
  const fetched = lengths.map((length) => length <= PART_BYTES && (room -= length) >= 0)
  const values = await Promise.all(fields.map((field, n) => (fetched[n] ? commands.hgetBuffer(key, field) : null)))
  const parts = fields.flatMap((at, n): KeyPart[] => {
    const [value, bytes] = [values[n] ?? null, lengths[n] ?? 0]
    // Deleted between the two questions.
    return value === null && fetched[n] ? [] : [{ at, value, bytes }]
  })
  return { parts, next: onward(next) }
}

async function listPage({ commands }: Asked, { key, cursor, length }: PageAsked, size: number): Promise<KeyPage> {
  const from = Number(cursor ?? 0)
  const values = await commands.lrangeBuffer(key, from, from + size - 1)
  const parts = values.map((value, n) => ({ at: Buffer.from(String(from + n)), value, bytes: value.length }))
  return { parts: parts.map(lighten), next: from + size < length && values.length > 0 ? String(from + size) : null }
}

async function setPage({ commands }: Asked, { key, cursor }: PageAsked, size: number): Promise<KeyPage> {
  const [next, members] = (await commands.callBuffer('SSCAN', [key, cursor ?? '0', 'COUNT', size])) as [
    Buffer,
    Buffer[],
  ]
  return { parts: members.map((at) => ({ at, value: null, bytes: 0 })), next: onward(next) }
}

async function zsetPage({ commands }: Asked, { key, cursor, length }: PageAsked, size: number): Promise<KeyPage> {
  const from = Number(cursor ?? 0)
  const flat = await commands.zrangeBuffer(key, String(from), String(from + size - 1), 'WITHSCORES')
  const parts = pairsOf(flat).map(([at, score]) => ({ at, value: null, bytes: 0, score: score.toString() }))
  return { parts, next: from + size < length && parts.length > 0 ? String(from + size) : null }
}

/** The newest entries first. */
async function streamPage({ commands }: Asked, { key, cursor }: PageAsked, size: number): Promise<KeyPage> {
  const entries = await commands.xrevrangeBuffer(key, cursor === null ? '+' : `(${cursor}`, '-', 'COUNT', size)
  const parts = entries.map(([at, flat]) => {
    const fields = pairsOf(flat)
    return { at, value: null, bytes: fields.reduce((sum, [a, b]) => sum + a.length + b.length, 0), fields }
  })
  const last = parts.at(-1)
  return { parts, next: last && parts.length === size ? last.at.toString() : null }
}

/** In order where the server can (VRANGE, Redis 8.4), else some at random; the attributes of each. */
async function vectorPage({ commands }: Asked, { key, cursor }: PageAsked, size: number): Promise<KeyPage> {
  const most = Math.min(size, 50)
  const from = cursor === null ? '-' : Buffer.concat([Buffer.from('('), Buffer.from(cursor, 'base64url')])
  const ordered = (await quietly(commands.callBuffer('VRANGE', [key, from, '+', most]))) as Buffer[] | null
  const members = ordered ?? (await commands.vrandmemberBuffer(key, most))
  const attributes = await Promise.all(
    members.map((member) => commands.callBuffer('VGETATTR', [key, member]) as Promise<Buffer | null>),
  )
  const parts = members.map((at, n) => {
    const value = attributes[n] ?? null
    return { at, value, bytes: value?.length ?? 0 }
  })
  const last = members.at(-1)
  return {
    parts: parts.map(lighten),
    next: ordered && last && members.length === most ? last.toString('base64url') : null,
    sampled: ordered === null,
  }
}

const onward = (cursor: Buffer) => (cursor.toString() === '0' ? null : cursor.toString())
const lighten = (part: KeyPart): KeyPart => (part.bytes > PART_BYTES ? { ...part, value: null } : part)

function pairsOf(flat: readonly Buffer[]): [Buffer, Buffer][] {
  const pairs: [Buffer, Buffer][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [one, other] = [flat[at], flat[at + 1]]
    if (one && other) pairs.push([one, other])
  }
  return pairs
}

/** What else is worth knowing of a stream and of a vector set, by its name there. */
export async function readMore({ commands }: Asked, key: Buffer, type: string): Promise<[string, string][]> {
  if (type === 'vectorset') return flatFacts(await quietly(commands.callBuffer('VINFO', [key])))
  if (type !== 'stream') return []
  const groups = (await quietly(commands.callBuffer('XINFO', ['GROUPS', key]))) as unknown[] | null
  const facts = flatFacts(await quietly(commands.callBuffer('XINFO', ['STREAM', key])))
  const told = facts.filter(([name]) => ['last-generated-id', 'entries-added', 'groups'].includes(name))
  const ofGroups = (groups ?? []).slice(0, 20).map((group): [string, string] => {
    const { name = '', consumers = '', pending = '', lag = '' } = Object.fromEntries(flatFacts(group))
    return [`group ${name}`, `${consumers} consumers, ${pending} pending${lag ? `, ${lag} behind` : ''}`]
  })
  return [...told, ...ofGroups]
}

/** `[name, value, name, value, …]` as pairs of text; what is nested is left out. */
function flatFacts(reply: unknown): [string, string][] {
  const flat = Array.isArray(reply) ? (reply as unknown[]) : []
  const facts: [string, string][] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const value = flat[at + 1]
    if (Buffer.isBuffer(value) || typeof value === 'number') facts.push([String(flat[at]), String(value)])
  }
  return facts
}

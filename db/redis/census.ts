import { Cluster, type Redis } from 'ioredis'
import type { RedisStore } from './client'

/** R8: keys looked at by one SCAN (0.2 ms of Redis at a million keys), and keys measured by one pipeline. */
const COUNT = 100
const MEASURED_AT_ONCE = 25
/** What is read of a value to see its shape; keys above a megabyte are left alone. */
const HEAD_BYTES = 512
const MOST_PEEKED_BYTES = 1024 * 1024
const MOST_PEEKED_FIELDS = 128

export type MeasuredKey = {
  key: Buffer
  type: string
  /** Milliseconds to live; null for ever. */
  ttlMs: number | null
  bytes: number
  /** Seconds since it was read or written; null under an LFU policy, which keeps no such time. */
  idleSeconds: number | null
  /** Redis' logarithmic counter of uses, which decays; null under other policies. */
  frequency: number | null
}

/**
 * What a value looks like, never the value: the head of a string or of a list's first element, the fields of a
 * hash; and by how many reads Redis was asked, each of which counts as a use of the key. */
export type Shape = { key: Buffer; type: string; head: string; fields: string[]; reads: number }

export type CensusNode = ReturnType<typeof nodeOf>

/** Each primary, to be walked on its own: a cluster has no SCAN over all of it. */
export const censusNodes = ({ commands }: Pick<RedisStore, 'commands'>): CensusNode[] =>
  (commands instanceof Cluster ? commands.nodes('master') : [commands]).map(nodeOf)

function nodeOf(node: Redis) {
  return {
    size: () => node.dbsize(),
    async scan(cursor: string): Promise<{ cursor: string; keys: Buffer[] }> {
      const [next, keys] = await node.scanBuffer(cursor, 'COUNT', COUNT)
      return { cursor: next.toString(), keys }
    },
    async measure(keys: Buffer[], by: 'idle' | 'frequency'): Promise<(MeasuredKey | null)[]> {
      const measured: (MeasuredKey | null)[] = []
      for (let at = 0; at < keys.length; at += MEASURED_AT_ONCE)
        measured.push(...(await measureAtOnce(node, keys.slice(at, at + MEASURED_AT_ONCE), by)))
      return measured
    },
    peek: (keys: MeasuredKey[]): Promise<Shape[]> => Promise.all(keys.map((key) => peekAt(node, key))),
  }
}

/** Null for keys that went in between. None of these commands counts as a use of the key. */
async function measureAtOnce(node: Redis, keys: Buffer[], by: 'idle' | 'frequency'): Promise<(MeasuredKey | null)[]> {
  const pipeline = node.pipeline()
  for (const key of keys) {
    pipeline.type(key).pttl(key).memory('USAGE', key, 'SAMPLES', 5)
    if (by === 'idle') pipeline.object('IDLETIME', key)
    else pipeline.object('FREQ', key)
  }
  const replies = (await pipeline.exec()) ?? []
  const reply = (at: number) => {
    const [error, value] = replies[at] ?? []
    if (error) throw error
    return value
  }
  return keys.map((key, index) => {
    const [type, ttl, bytes, use] = [0, 1, 2, 3].map((offset) => reply(4 * index + offset))
    if (typeof bytes !== 'number' || type === 'none') return null
    const used = typeof use === 'number' ? use : null
    return {
      key,
      type: String(type),
      ttlMs: Number(ttl) < 0 ? null : Number(ttl),
      bytes,
      idleSeconds: by === 'idle' ? used : null,
      frequency: by === 'idle' ? null : used,
    }
  })
}

async function peekAt(node: Redis, { key, type, bytes }: MeasuredKey): Promise<Shape> {
  const shape: Shape = { key, type, head: '', fields: [], reads: 0 }
  if (bytes > MOST_PEEKED_BYTES) return shape
  const head = async (read: Promise<Buffer | null>) => ((await read) ?? Buffer.alloc(0)).subarray(0, HEAD_BYTES)
  try {
    if (type === 'string') shape.head = (await head(node.getrangeBuffer(key, 0, HEAD_BYTES - 1))).toString('latin1')
    if (type === 'list') shape.head = (await head(node.lindexBuffer(key, 0))).toString('latin1')
    if (type === 'string' || type === 'list' || type === 'hash') shape.reads++
    if (type === 'hash' && (await node.hlen(key)) <= MOST_PEEKED_FIELDS) {
      shape.reads++
      shape.fields = await node.hkeys(key)
    }
  } catch {
    // Replaced by another type in between: it has no shape this time.
  }
  return shape
}

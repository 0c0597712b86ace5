import type { RedisStore } from './client'
import { quietly } from './key-read'

type Asked = Pick<RedisStore, 'commands'>
/** `score` as Redis writes it: 17 digits, inf or -inf. */
export type ForeignRanked = { member: Buffer; score: string }
/** Lowest first where `lowest`; equal scores by the bytes of the member, in the same direction. */
type Way = { key: Buffer; lowest: boolean }

export type BoardFacts = { members: number; bytes: number | null; expiresAt: number | null; type: string }

/** Null where there is no such key; `members` is 0 for what is no sorted set. */
export async function readBoardFacts({ commands }: Asked, key: Buffer): Promise<BoardFacts | null> {
  const type = await commands.type(key)
  if (type === 'none') return null
  const [members, bytes, expires] = await Promise.all([
    type === 'zset' ? quietly(commands.zcard(key)) : 0,
    quietly(commands.memory('USAGE', key, 'SAMPLES', 5)),
    commands.pexpiretime(key),
  ])
  return { members: members ?? 0, bytes, expiresAt: expires < 0 ? null : expires, type }
}

/** Places `from` to `from + count - 1`, counted from 0. */
export async function readPlaces({ commands }: Asked, { key, lowest }: Way, from: number, count: number) {
  const to = from + count - 1
  const flat = lowest
    ? await commands.zrangeBuffer(key, String(from), String(to), 'WITHSCORES')
    : await commands.zrevrangeBuffer(key, String(from), String(to), 'WITHSCORES')
  return rankedOf(flat)
}

/** From 0; null for who is not on it. */
export async function readPlaceOf({ commands }: Asked, { key, lowest }: Way, member: Buffer): Promise<number | null> {
  return lowest ? commands.zrank(key, member) : commands.zrevrank(key, member)
}

export type Spread = {
  /** Null where no score is finite. */
  low: number | null
  high: number | null
  /** Members in each of `bins` stretches of the same length between them; one where all are equal. */
  counts: number[]
  /** Members whose score is -inf, and inf. */
  below: number
  above: number
}

/** How finite scores lie; each count is O(log n). */
export async function readSpread({ commands }: Asked, key: Buffer, bins: number): Promise<Spread> {
  const [first, last, below, above] = await Promise.all([
    commands.zrangebyscore(key, '(-inf', '(+inf', 'WITHSCORES', 'LIMIT', 0, 1),
    commands.zrevrangebyscore(key, '(+inf', '(-inf', 'WITHSCORES', 'LIMIT', 0, 1),
    commands.zcount(key, '-inf', '-inf'),
    commands.zcount(key, '+inf', '+inf'),
  ])
  if (first[1] === undefined || last[1] === undefined) return { low: null, high: null, counts: [], below, above }
  const [low, high] = [Number(first[1]), Number(last[1])]
  const edges = edgesOf(low, high, bins)
  const counts = await Promise.all(
    edges.slice(0, -1).map((from, bin) => {
      const to = edges[bin + 1] ?? from
      return commands.zcount(key, String(from), bin === edges.length - 2 ? String(to) : `(${to}`)
    }),
  )
  return { low, high, counts, below, above }
}

/** Ends of stretches; halves first, so that the length of none is beyond what a double holds. */
export function edgesOf(low: number, high: number, bins: number): number[] {
  if (low === high) return [low, high]
  return Array.from({ length: bins + 1 }, (_, bin) =>
    bin === bins ? high : low * (1 - bin / bins) + high * (bin / bins),
  )
}

function rankedOf(flat: readonly Buffer[]): ForeignRanked[] {
  const ranked: ForeignRanked[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [member, score] = [flat[at], flat[at + 1]]
    if (member && score) ranked.push({ member, score: score.toString() })
  }
  return ranked
}

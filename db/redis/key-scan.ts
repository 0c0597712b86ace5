import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import type { RedisStore } from './client'

type Asked = Pick<RedisStore, 'commands'>

/** R8: about 0.2 ms of Redis each, so that a busy machine still stays below 2 ms. A first look is small, as is one where names are long. */
const COUNT = 200
const FIRST_COUNT = 100
const LONG_NAMES_COUNT = 10
const LONG_NAMES_BYTES = 256 * 1024
/** After each few milliseconds a pause, so that others' commands are never behind ours for long. */
const STEP_MS = 10
const PAUSE_MS = 5

/** `type` is null where it was not asked for. */
export type ScannedKey = { name: Buffer; type: string | null }
export type ScanBatch = { keys: ScannedKey[]; node: Redis; cursor: string | null; looked: number }

/** A cluster whose nodes changed cannot go on from an old place. */
export class LostPlaceError extends Error {
  override name = 'LostPlaceError'
}

const placeOf = ({ options: { host, port } }: Redis) => `${host ?? ''}:${port ?? ''}`
const nodesOf = ({ commands }: Asked): Redis[] =>
  commands instanceof Cluster
    ? commands.nodes('master').sort((a, b) => placeOf(a).localeCompare(placeOf(b)))
    : [commands]

/** How many keys there are, on every node. */
export async function countKeys(redis: Asked): Promise<number> {
  const counts = await Promise.all(nodesOf(redis).map((node) => node.dbsize()))
  return counts.reduce((sum, one) => sum + one, 0)
}

/**
 * Walks every key that matches in batches, on every master of a cluster, from `cursor` on (null: from the beginning). Each
 * batch says where the next one begins; null after the last. A key may come more than once, as SCAN says.
 * @throws LostPlaceError when the node of the cursor is gone
 */
export async function* walkKeys(
  redis: Asked,
  { pattern, type = null, cursor }: { pattern: Buffer; type?: string | null; cursor: string | null },
): AsyncGenerator<ScanBatch> {
  const nodes = nodesOf(redis)
  const [from = '0', place] = cursor?.split('@') ?? []
  const first = place === undefined || nodes.length === 1 ? 0 : nodes.findIndex((node) => placeOf(node) === place)
  if (first < 0) throw new LostPlaceError(`The node ${place ?? ''} is no master any more`)
  let count = FIRST_COUNT
  let stepStarted = performance.now()
  for (let at = first; at < nodes.length; at++) {
    const node = nodes[at]
    if (!node) return
    let position = at === first ? from : '0'
    do {
      const asked = count
      const typed = type === null ? [] : ['TYPE', type]
      const reply = await node.callBuffer('SCAN', [position, 'MATCH', pattern, 'COUNT', asked, ...typed])
      const [next, names] = reply as [Buffer, Buffer[]]
      position = next.toString()
      const bytes = names.reduce((sum, name) => sum + name.length, 0)
      count = bytes > LONG_NAMES_BYTES ? LONG_NAMES_COUNT : COUNT
      const following = nodes[at + 1]
      const onward = position !== '0' ? `${position}@${placeOf(node)}` : following ? `0@${placeOf(following)}` : null
      yield { keys: names.map((name) => ({ name, type })), node, cursor: onward, looked: asked }
      if (performance.now() - stepStarted < STEP_MS) continue
      await sleep(PAUSE_MS)
      stepStarted = performance.now()
    } while (position !== '0')
  }
}

const TYPES_AT_ONCE = 200

export type ScanStep = {
  keys: ScannedKey[]
  /** Where the next step begins; null when all were looked at. */
  cursor: string | null
  /** About how many keys this step looked at: SCAN says no more than that. */
  looked: number
  total: number
}

/** One step of a walk, for as long as it may take; it ends early when it has found enough. Each name comes once. */
export async function scanStep(
  redis: Asked,
  asked: {
    pattern: Buffer
    type: string | null
    cursor: string | null
    budgetMs: number
    mostKeys: number
    mostBytes: number
  },
): Promise<ScanStep> {
  const { budgetMs, mostKeys, mostBytes } = asked
  const total = await countKeys(redis)
  const found = new Map<string, ScannedKey>()
  const until = performance.now() + budgetMs
  let [cursor, looked, bytes] = [asked.cursor, 0, 0]
  for await (const batch of walkKeys(redis, asked)) {
    looked += batch.looked
    cursor = batch.cursor
    const fresh = batch.keys.filter(({ name }) => !found.has(name.toString('latin1')))
    for (const key of asked.type === null ? await withTypes(batch.node, fresh) : fresh) {
      found.set(key.name.toString('latin1'), key)
      bytes += key.name.length
    }
    if (performance.now() >= until || found.size >= mostKeys || bytes >= mostBytes) break
  }
  return { keys: [...found.values()], cursor, looked, total }
}

/** TYPE is constant in time; sent together, read together. */
async function withTypes(node: Redis, keys: ScannedKey[]): Promise<ScannedKey[]> {
  const typed: ScannedKey[] = []
  for (let at = 0; at < keys.length; at += TYPES_AT_ONCE) {
    const some = keys.slice(at, at + TYPES_AT_ONCE)
    const types = await Promise.all(some.map(({ name }) => node.type(name)))
    typed.push(...some.map(({ name }, n) => ({ name, type: types[n] ?? null })))
  }
  return typed
}

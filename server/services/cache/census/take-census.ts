import { insertCensus, newestCensusTimes } from '@/db/postgres/queries/censuses'
import { selectKeyFamilies } from '@/db/postgres/queries/key-families'
import { type CensusNode, censusNodes, type MeasuredKey } from '@/db/redis/census'
import { readInfo } from '@/db/redis/info'
import type { Stores } from '@/server/services/context'
import type { CensusReport } from './census.schema'
import { detect, type Seen } from './detect'
import { type DeclaredFamily, type Place, placer } from './family-of'
import { printable } from './printable'
import { sampledHash, tagOf } from './sampled-hash'
import { tally } from './tally'

/**
 * R8: what one step may ask of Redis; there are two a second. At most 5,000 names and 800 short commands a second, each
 * SCAN of 250 keys and each pipeline of 25 on its own, so that others' commands come in between.
 */
export const CENSUS_STEP_EVERY_MS = 500
const limits = {
  scansPerStep: 10,
  measuredPerStep: 100,
  /** Names read of one Redis; what is beyond is extrapolated, for SCAN goes by hash, in no order that matters. */
  mostExamined: 250_000,
  /** Of a cluster: there SCAN goes slot by slot, and families share slots, so that the walk should be whole. */
  mostExaminedOfCluster: 2_000_000,
  mostMeasured: 12_000,
  /** Pause after a census: a minute, or nine times as long as it took. */
  pauseMs: 60_000,
  pauseTimes: 9,
  /** A key is not called unused before it was known this long. */
  watchedLeastMs: 600_000,
}
export type CensusLimits = typeof limits

const PEEKED_PER_GROUP = 6
const GROUPS_PEEKED = 200
const PEEK_AGAIN_MS = 3_600_000
/** How often it is asked whether another census is due. */
const ASK_EVERY_MS = 5_000

type Walk = {
  startedAt: number
  policy: string
  keys: number
  share: number
  nodes: { node: CensusNode; cursor: string | null; mostExamined: number; examined: number; waiting: Buffer[] }[]
  declared: DeclaredFamily[]
  place: (key: string) => Place
  seen: Set<number>
  tally: ReturnType<typeof tally>
  /** Foreign keys to look into, by the prefix that they share. */
  strangers: Map<string, { place: Place; node: CensusNode; keys: MeasuredKey[] }>
  measured: Set<number>
}

/**
 * Walks the keyspace a little at a time, again and again, and leaves one report per walk in Postgres. `run` is one step;
 * `ownReads` says how many keyspace hits of Redis were ours so far, for they are not the applications'.
 */
export function censusTaker(stores: Stores, options: Partial<CensusLimits> = {}, now: () => number = Date.now) {
  const most = { ...limits, ...options }
  const watch = keyWatch(most.watchedLeastMs)
  const shapes = new Map<string, { at: number; tags: Set<number>; seen: Seen[] }>()
  let walk: Walk | null = null
  let askAt = 0
  let ownReads = 0

  const measure = async (current: Walk, { node, waiting }: Walk['nodes'][number]) => {
    const keys = waiting.splice(0, most.measuredPerStep)
    const asked = now()
    const measured = await node.measure(keys, current.policy.includes('lfu') ? 'frequency' : 'idle')
    for (const key of measured) {
      if (!key) continue
      ownReads += 3
      const tag = tagOf(key.key)
      const place = current.place(printable(key.key))
      current.measured.add(tag)
      current.tally.measure(place, key, watch.watchedMs(tag, asked))
      if (place.of === 'other') addStranger(current, place, node, key)
    }
  }

  const step = async (current: Walk): Promise<boolean> => {
    for (const part of current.nodes) {
      for (let scans = 0; scans < most.scansPerStep && part.cursor !== null; scans++) {
        const { cursor, keys } = await part.node.scan(part.cursor)
        part.cursor = cursor
        for (const key of keys) {
          const tag = tagOf(key)
          if (current.seen.has(tag)) continue
          current.seen.add(tag)
          part.examined++
          current.tally.name(current.place(printable(key)))
          if (sampledHash(key) < current.share) part.waiting.push(key)
        }
        if (cursor === '0' || part.examined >= part.mostExamined) part.cursor = null
      }
      if (part.waiting.length > 0) await measure(current, part)
      if (part.cursor !== null || part.waiting.length > 0) return false
    }
    return true
  }

  const finish = async (current: Walk) => {
    const groups = [...current.strangers.values()].slice(0, GROUPS_PEEKED)
    for (const { place, node, keys } of groups) {
      const before = shapes.get(place.name)
      const known =
        before && now() - before.at < PEEK_AGAIN_MS ? before : { at: now(), tags: new Set<number>(), seen: [] }
      shapes.set(place.name, known)
      // A peek is a use of the key: each is looked into once, and few of a kind.
      const fresh = keys.filter(({ key }) => !known.tags.has(tagOf(key))).slice(0, PEEKED_PER_GROUP - known.seen.length)
      for (const { reads, ...one } of await node.peek(fresh)) {
        ownReads += reads
        known.tags.add(tagOf(one.key))
        known.seen.push({ ...one, key: printable(one.key) })
      }
    }
    const whole = current.nodes.every(({ examined, mostExamined }) => examined < mostExamined)
    const examined = current.tally.examined()
    const keys = whole ? examined : Math.max(examined, current.keys)
    const counted = current.tally.report(examined > 0 ? keys / examined : 1, current.declared)
    const keysOf = (name: string) => counted.families.find((one) => one.of === 'other' && one.name === name)?.keys ?? 0
    const report: CensusReport = {
      policy: current.policy,
      ...counted,
      proposals: detect(
        groups.map(({ place, keys: strangers }) => ({
          keys: Math.max(strangers.length, keysOf(place.name)),
          seen: shapes.get(place.name)?.seen ?? [],
        })),
      ),
    }
    watch.remember(current.measured, now())
    const [startedAt, finishedAt] = [new Date(current.startedAt), new Date(now())]
    await insertCensus(stores.db, { startedAt, finishedAt, keys, examined, measured: current.tally.measured(), report })
  }

  const begin = async (): Promise<Walk | null> => {
    if (now() < askAt) return null
    askAt = now() + ASK_EVERY_MS
    const last = await newestCensusTimes(stores.db)
    if (last) {
      const took = last.finishedAt.getTime() - last.startedAt.getTime()
      const ago = now() - last.finishedAt.getTime()
      // One of the future is of a worker whose clock is ahead, and says nothing.
      if (ago >= 0 && ago < Math.max(most.pauseMs, most.pauseTimes * took)) return null
    }
    const [{ maxMemoryPolicy: policy }, declared] = await Promise.all([
      readInfo(stores.redis),
      selectKeyFamilies(stores.db),
    ])
    const nodes = censusNodes(stores.redis)
    const sizes = await Promise.all(nodes.map((node) => node.size()))
    const keys = sizes.reduce((sum, size) => sum + size, 0)
    const mostExamined = nodes.length > 1 ? most.mostExaminedOfCluster : most.mostExamined
    const share = most.mostMeasured / Math.max(1, Math.min(keys, mostExamined))
    const parts = nodes.map((node, index) => ({
      node,
      cursor: '0',
      // Each node gets its part of the names, by how many keys it has.
      mostExamined: Math.ceil((mostExamined * (sizes[index] ?? 0)) / Math.max(1, keys)) || 1,
      examined: 0,
      waiting: [],
    }))
    const place = placer(declared)
    const empty = { seen: new Set<number>(), tally: tally(), strangers: new Map(), measured: new Set<number>() }
    return { startedAt: now(), policy, keys, share, nodes: parts, declared, place, ...empty }
  }

  return {
    ownReads: () => ownReads,
    /** Whether a census was finished in this step. */
    async run(): Promise<boolean> {
      try {
        if (!stores.redis.healthy()) {
          walk = null
          return false
        }
        walk ??= await begin()
        if (!walk || !(await step(walk))) return false
        await finish(walk)
        walk = null
        return true
      } catch (error) {
        // A walk that lost its Redis or its Postgres begins anew: half of one says nothing.
        walk = null
        throw error
      }
    },
  }
}

function addStranger({ strangers }: Walk, place: Place, node: CensusNode, key: MeasuredKey) {
  const known = strangers.get(place.name)
  if (!known) strangers.set(place.name, { place, node, keys: [key] })
  else if (known.keys.length < PEEKED_PER_GROUP && known.node === node) known.keys.push(key)
}

/** Since when sampled keys are known: what came after the first census came while we watched. */
function keyWatch(leastMs: number) {
  let known: Map<number, number | null> | null = null
  return {
    watchedMs(tag: number, at: number): number | null {
      const since = known?.get(tag)
      return since != null && at - since >= leastMs ? at - since : null
    },
    remember(tags: Set<number>, at: number) {
      const before = known
      known = new Map([...tags].map((tag) => [tag, before ? (before.has(tag) ? (before.get(tag) ?? null) : at) : null]))
    },
  }
}

import type { MeasuredKey } from '@/db/redis/census'
import { families, type FamilyName } from '@/db/redis/keys'
import { type CountedFamily, type NamedKey, TTL_BINS, TTL_ENDS_SECONDS } from './census.schema'
import type { DeclaredFamily, Place } from './family-of'
import { printable } from './printable'

const MOST_GROUPS = 500
const OTHERS_SHOWN = 25
const KEYS_NAMED = 20
const TTLS_KEPT = 1_000
const SHOWN_BYTES = 200
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 86_400
const REST: Place = { of: 'other', name: '(other prefixes)', pattern: '*' }

type Group = Place & {
  examined: number
  measured: number
  bytes: number
  withoutTtl: number
  ttls: number[]
  ttlKeys: number[]
  ttlBytes: number[]
  idleHour: number
  idleDay: number
  idleDayBytes: number
  watched: number
  neverHit: number
  types: Set<string>
}

/** Adds up what a walk over the keys sees; `report` extrapolates it to all of them. */
export function tally() {
  const groups = new Map<string, Group>()
  const big = named((a, b) => b.bytes - a.bytes)
  const idle = named((a, b) => b.bytes * (b.idleSeconds ?? 0) - a.bytes * (a.idleSeconds ?? 0))
  let [examined, measured] = [0, 0]

  const groupOf = (place: Place): Group => {
    const id = `${place.of} ${place.name}`
    const known = groups.get(id)
    if (known) return known
    if (place.of === 'other' && place !== REST && groups.size >= MOST_GROUPS) return groupOf(REST)
    const group = emptyGroup(place)
    groups.set(id, group)
    return group
  }

  return {
    examined: () => examined,
    measured: () => measured,
    name(place: Place) {
      examined++
      groupOf(place).examined++
    },
    /** `watchedMs`: how long censuses have known a key that came while they watched; null for others. */
    measure(place: Place, key: MeasuredKey, watchedMs: number | null) {
      measured++
      const group = groupOf(place)
      addTo(group, key)
      if (watchedMs !== null) {
        group.watched++
        // Redis says whole seconds, rounded down.
        const unused = key.idleSeconds !== null ? (key.idleSeconds + 1) * 1000 >= watchedMs : key.frequency === 0
        if (unused) group.neverHit++
      }
      const shown = { key, family: group.name }
      big.offer(shown)
      if ((key.idleSeconds ?? 0) >= HOUR_SECONDS) idle.offer(shown)
    },
    /** `scale`: keys in all ÷ keys whose names were read; 1 where all were. */
    report(scale: number, declared: DeclaredFamily[]) {
      const all = [...groups.values()]
      const ttl = { keys: new Array<number>(TTL_BINS).fill(0), bytes: new Array<number>(TTL_BINS).fill(0) }
      for (const group of all)
        for (let bin = 0; bin < TTL_BINS; bin++) {
          const weight = group.measured > 0 ? (group.examined / group.measured) * scale : 0
          ttl.keys[bin] = (ttl.keys[bin] ?? 0) + (group.ttlKeys[bin] ?? 0) * weight
          ttl.bytes[bin] = (ttl.bytes[bin] ?? 0) + (group.ttlBytes[bin] ?? 0) * weight
        }
      const families = withRest(all).map((group) => counted(group, scale, declared))
      return {
        families: families.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || b.keys - a.keys),
        ttl: { keys: ttl.keys.map(Math.round), bytes: ttl.bytes.map(Math.round) },
        bytes: families.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
        big: big.list(),
        idle: idle.list(),
      }
    },
  }
}

const emptyGroup = (place: Place): Group => ({
  ...place,
  examined: 0,
  measured: 0,
  bytes: 0,
  withoutTtl: 0,
  ttls: [],
  ttlKeys: new Array<number>(TTL_BINS).fill(0),
  ttlBytes: new Array<number>(TTL_BINS).fill(0),
  idleHour: 0,
  idleDay: 0,
  idleDayBytes: 0,
  watched: 0,
  neverHit: 0,
  types: new Set(),
})

function addTo(group: Group, { type, ttlMs, bytes, idleSeconds, frequency }: MeasuredKey) {
  const bin = binOf(ttlMs)
  group.measured++
  group.bytes += bytes
  group.types.add(type)
  group.ttlKeys[bin] = (group.ttlKeys[bin] ?? 0) + 1
  group.ttlBytes[bin] = (group.ttlBytes[bin] ?? 0) + bytes
  if (ttlMs === null) group.withoutTtl++
  else if (group.ttls.length < TTLS_KEPT) group.ttls.push(ttlMs)
  if (frequency === 0 || (idleSeconds ?? 0) >= HOUR_SECONDS) group.idleHour++
  if (frequency === 0 || (idleSeconds ?? 0) >= DAY_SECONDS) {
    group.idleDay++
    group.idleDayBytes += bytes
  }
}

/** 0 for keys that never expire, then by `TTL_ENDS_SECONDS`. */
export function binOf(ttlMs: number | null): number {
  if (ttlMs === null) return 0
  const bin = TTL_ENDS_SECONDS.findIndex((end) => ttlMs < end * 1000)
  return bin === -1 ? TTL_BINS - 1 : bin + 1
}

/** The largest prefixes by name, the others as one. */
function withRest(groups: Group[]): Group[] {
  const others = groups.filter(({ of }) => of === 'other').sort((a, b) => b.bytes - a.bytes || b.examined - a.examined)
  const few = others.slice(OTHERS_SHOWN)
  if (few.length === 0) return groups
  const rest = few.reduce<Group>((sum, group) => {
    for (const field of numbers) sum[field] += group[field]
    sum.ttls.push(...group.ttls.slice(0, TTLS_KEPT - sum.ttls.length))
    for (const type of group.types) sum.types.add(type)
    return sum
  }, emptyGroup(REST))
  return [...groups.filter((group) => !few.includes(group)), rest]
}

const numbers = [
  'examined',
  'measured',
  'bytes',
  'withoutTtl',
  'idleHour',
  'idleDay',
  'idleDayBytes',
  'watched',
  'neverHit',
] as const satisfies (keyof Group)[]

function counted(group: Group, scale: number, declared: DeclaredFamily[]): CountedFamily {
  const { of, name, pattern, examined, measured } = group
  const weight = measured > 0 ? (examined / measured) * scale : null
  const estimate = (sampled: number) => (weight === null ? null : Math.round(sampled * weight))
  const own = of === 'declared' ? declared.find((one) => one.name === name) : undefined
  return {
    name,
    of,
    pattern,
    kind: own?.kind ?? null,
    software: own?.software ?? null,
    truth: of === 'known' ? families[name as FamilyName].truth : null,
    keys: Math.round(examined * scale),
    measured,
    bytes: estimate(group.bytes),
    withoutTtl: estimate(group.withoutTtl),
    ttlMedianMs: medianOf(group.ttls),
    idleHour: estimate(group.idleHour),
    idleDay: estimate(group.idleDay),
    idleDayBytes: estimate(group.idleDayBytes),
    watched: group.watched,
    neverHit: group.neverHit,
    types: [...group.types].sort(),
  }
}

function medianOf(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

type Offered = { key: MeasuredKey; family: string }

/** Keeps the first few by an order. */
function named(order: (a: MeasuredKey, b: MeasuredKey) => number) {
  let kept: Offered[] = []
  return {
    offer(one: Offered) {
      const last = kept.at(-1)
      if (kept.length === KEYS_NAMED && last && order(one.key, last.key) >= 0) return
      kept = [...kept, one].sort((a, b) => order(a.key, b.key)).slice(0, KEYS_NAMED)
    },
    list: (): NamedKey[] =>
      kept.map(({ key: { key, type, bytes, ttlMs, idleSeconds }, family }) => ({
        id: key.toString('base64url'),
        text: printable(key, SHOWN_BYTES),
        family,
        type,
        bytes,
        ttlMs,
        idleSeconds,
      })),
  }
}

import { Cluster } from 'ioredis'
import type { RedisStore } from './client'

const SECTIONS = ['server', 'clients', 'memory', 'persistence', 'stats', 'commandstats', 'keyspace']

/** What only ever grows while one Redis runs. */
export type Counters = {
  keyspaceHits: number
  keyspaceMisses: number
  commands: number
  evictedKeys: number
  expiredKeys: number
  /** Microseconds spent in commands, summed over commandstats. */
  commandUsec: number
}

/** Where a Redis stands, as INFO says it; the whole instance, all of its databases. */
export type InfoReading = Counters & {
  runId: string
  /** With the engine's name: `Redis 8.0.6`, `Valkey 9.1.2`. */
  version: string
  uptimeSeconds: number
  usedMemoryBytes: number
  /** 0 where there is no limit. */
  maxMemoryBytes: number
  rssBytes: number
  fragmentationRatio: number | null
  keys: number
  expiringKeys: number
  clients: number
  maxMemoryPolicy: string
  appendOnly: boolean
}

/** Reads INFO; of a Redis Cluster that of every primary, added up. */
export async function readInfo({ commands }: RedisStore): Promise<InfoReading> {
  const nodes = commands instanceof Cluster ? commands.nodes('master') : [commands]
  return addReadings(await Promise.all(nodes.map(async (node) => parseInfo(await node.info(...SECTIONS)))))
}

/** Redis 7 and 8 and Valkey alike; Valkey calls itself Redis 7.2.4 in `redis_version`, so its own field goes first. */
export function parseInfo(text: string): InfoReading {
  const fields = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  const word = (name: string) => {
    const value = fields.get(name)
    if (value === undefined) throw new Error(`INFO has no ${name}`)
    return value
  }
  const number = (name: string) => Number(word(name))
  const parts = (prefix: RegExp, part: string) =>
    sum([...fields].filter(([name]) => prefix.test(name)).map(([, value]) => numberOf(value, part)))
  const valkey = fields.get('valkey_version')
  const ratio = Number(fields.get('mem_fragmentation_ratio'))
  return {
    runId: word('run_id'),
    version: valkey ? `Valkey ${valkey}` : `Redis ${word('redis_version')}`,
    uptimeSeconds: number('uptime_in_seconds'),
    keyspaceHits: number('keyspace_hits'),
    keyspaceMisses: number('keyspace_misses'),
    commands: number('total_commands_processed'),
    evictedKeys: number('evicted_keys'),
    expiredKeys: number('expired_keys'),
    commandUsec: parts(/^cmdstat_/, 'usec'),
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
    rssBytes: number('used_memory_rss'),
    fragmentationRatio: Number.isFinite(ratio) ? ratio : null,
    keys: parts(/^db\d+$/, 'keys'),
    expiringKeys: parts(/^db\d+$/, 'expires'),
    clients: number('connected_clients'),
    maxMemoryPolicy: word('maxmemory_policy'),
    appendOnly: word('aof_enabled') === '1',
  }
}

/** One reading for several primaries: counters and sizes added, the youngest uptime, no limit if one has none. */
export function addReadings(readings: InfoReading[]): InfoReading {
  const [first, ...rest] = readings
  if (!first) throw new Error('No Redis node to read INFO from')
  if (rest.length === 0) return first
  const total = (name: keyof Counters | 'usedMemoryBytes' | 'rssBytes' | 'keys' | 'expiringKeys' | 'clients') =>
    sum(readings.map((reading) => reading[name]))
  const distinct = (name: 'runId' | 'version' | 'maxMemoryPolicy') =>
    [...new Set(readings.map((reading) => reading[name]))].sort().join('+')
  const [usedMemoryBytes, rssBytes] = [total('usedMemoryBytes'), total('rssBytes')]
  return {
    runId: distinct('runId'),
    version: distinct('version'),
    uptimeSeconds: Math.min(...readings.map((reading) => reading.uptimeSeconds)),
    keyspaceHits: total('keyspaceHits'),
    keyspaceMisses: total('keyspaceMisses'),
    commands: total('commands'),
    evictedKeys: total('evictedKeys'),
    expiredKeys: total('expiredKeys'),
    commandUsec: total('commandUsec'),
    usedMemoryBytes,
    maxMemoryBytes: readings.some((reading) => reading.maxMemoryBytes === 0)
      ? 0
      : sum(readings.map((reading) => reading.maxMemoryBytes)),
    rssBytes,
    fragmentationRatio: usedMemoryBytes > 0 ? rssBytes / usedMemoryBytes : null,
    keys: total('keys'),
    expiringKeys: total('expiringKeys'),
    clients: total('clients'),
    maxMemoryPolicy: distinct('maxMemoryPolicy'),
    appendOnly: readings.every((reading) => reading.appendOnly),
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

/** `usec` out of `calls=1,usec=629,usec_per_call=629.00`. */
function numberOf(list: string, part: string): number {
  const found = list.split(',').find((item) => item.startsWith(`${part}=`))
  return found ? Number(found.slice(part.length + 1)) : 0
}

import { Cluster } from 'ioredis'
import type { RedisStore } from './client'

const SECTIONS = ['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'commandstats', 'keyspace']

/** What only ever grows while one Redis runs. */
export type Counters = {
  keyspaceHits: number
  keyspaceMisses: number
  commands: number
  evictedKeys: number
  expiredKeys: number
  rejectedConnections: number
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
  maxClients: number
  blockedClients: number
  /** Epoch milliseconds; null where it has saved no snapshot since it started. */
  lastSaveAt: number | null
  lastSaveOk: boolean
  changesSinceSave: number
  appendOnlyOk: boolean
  role: 'master' | 'slave' | 'mixed'
  replicas: number
  /** Bytes of the replica furthest behind; null without replicas. */
  replicaLagBytes: number | null
  /** Null on a primary. */
  primaryLinkUp: boolean | null
  /** By name, as in `get` and `config|get`. */
  commandStats: Record<string, CommandCounters>
}

/** Of one command since the start or CONFIG RESETSTAT: `usec` in microseconds, `failed` refused or ended in an error. */
export type CommandCounters = { calls: number; usec: number; failed: number }

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
    rejectedConnections: number('rejected_connections'),
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
    maxClients: number('maxclients'),
    blockedClients: number('blocked_clients'),
    // Redis gives its own start until it has saved; `rdb_saves` came with Redis 7.
    lastSaveAt: fields.get('rdb_saves') === '0' ? null : number('rdb_last_save_time') * 1000,
    lastSaveOk: word('rdb_last_bgsave_status') === 'ok',
    changesSinceSave: number('rdb_changes_since_last_save'),
    appendOnlyOk: word('aof_last_write_status') === 'ok',
    ...replication(fields),
    commandStats: Object.fromEntries(
      [...fields].flatMap(([name, list]) => {
        if (!name.startsWith('cmdstat_')) return []
        const [calls, usec] = [numberOf(list, 'calls'), numberOf(list, 'usec')]
        const failed = numberOf(list, 'rejected_calls') + numberOf(list, 'failed_calls')
        return [[name.slice('cmdstat_'.length), { calls, usec, failed }]]
      }),
    ),
  }
}

function replication(fields: Map<string, string>) {
  const role = fields.get('role') === 'slave' ? ('slave' as const) : ('master' as const)
  const written = Number(fields.get('master_repl_offset'))
  const lags = [...fields]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, replica]) => Math.max(0, written - numberOf(replica, 'offset')))
  return {
    role,
    replicas: lags.length,
    replicaLagBytes: lags.length > 0 ? Math.max(...lags) : null,
    primaryLinkUp: role === 'slave' ? fields.get('master_link_status') === 'up' : null,
  }
}

/** One reading for several primaries: counters and sizes added, the youngest uptime, no limit if one has none. */
export function addReadings(readings: InfoReading[]): InfoReading {
  const [first, ...rest] = readings
  if (!first) throw new Error('No Redis node to read INFO from')
  if (rest.length === 0) return first
  type Added = 'usedMemoryBytes' | 'rssBytes' | 'keys' | 'expiringKeys' | 'clients' | 'maxClients' | 'blockedClients'
  const total = (name: keyof Counters | Added | 'changesSinceSave' | 'replicas') =>
    sum(readings.map((reading) => reading[name]))
  const known = <T>(values: (T | null)[]) => values.filter((value) => value !== null)
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
    rejectedConnections: total('rejectedConnections'),
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
    maxClients: total('maxClients'),
    blockedClients: total('blockedClients'),
    lastSaveAt: oldest(readings.map((reading) => reading.lastSaveAt)),
    lastSaveOk: readings.every((reading) => reading.lastSaveOk),
    changesSinceSave: total('changesSinceSave'),
    appendOnlyOk: readings.every((reading) => reading.appendOnlyOk),
    role: readings.every(({ role }) => role === first.role) ? first.role : 'mixed',
    replicas: total('replicas'),
    replicaLagBytes: largest(known(readings.map((reading) => reading.replicaLagBytes))),
    primaryLinkUp: all(known(readings.map((reading) => reading.primaryLinkUp))),
    commandStats: addCommands(readings.map((reading) => reading.commandStats)),
  }
}

/** Null as soon as one of them is: that one was never saved. */
const oldest = (times: (number | null)[]) => (times.includes(null) ? null : Math.min(...times.map(Number)))
const largest = (values: number[]) => (values.length > 0 ? Math.max(...values) : null)
const all = (values: boolean[]) => (values.length > 0 ? values.every(Boolean) : null)

function addCommands(nodes: Record<string, CommandCounters>[]): Record<string, CommandCounters> {
  const total: Record<string, CommandCounters> = {}
  for (const [command, { calls, usec, failed }] of nodes.flatMap((node) => Object.entries(node))) {
    const so = total[command] ?? { calls: 0, usec: 0, failed: 0 }
    total[command] = { calls: so.calls + calls, usec: so.usec + usec, failed: so.failed + failed }
  }
  return total
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

/** `usec` out of `calls=1,usec=629,usec_per_call=629.00`. */
function numberOf(list: string, part: string): number {
  const found = list.split(',').find((item) => item.startsWith(`${part}=`))
  return found ? Number(found.slice(part.length + 1)) : 0
}

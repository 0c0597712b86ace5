import type { Source } from '@/components/feedback/source-note'
import { bytesText } from '@/components/format/bytes'
import { count } from '@/components/format/count'
import { durationLong, durationText } from '@/components/format/duration'
import { percentText } from '@/components/format/percent'
import type { ExitReport } from '@/server/services/vectors/exit-criteria'
import type { ExitFacts, Tone } from '@/server/services/vectors/judge-exit'
import { recallText } from './vector-words'

export type ExitLine = {
  key: keyof ExitFacts
  tone: Tone | null
  name: string
  /** Null where it cannot be had; `why` says so then. */
  figure: string | null
  why: string | null
  thresholds: string
  /** Where the thresholds come from. */
  origin: string
  /** What would change the figure, cheapest first. */
  remedy: string
  source: Source
}

type Words = Omit<ExitLine, 'key' | 'tone'>
const POSTGRES = { stores: ['postgres' as const] }

/** The criteria with their figures in words, in the order in which they usually turn red. */
export function exitLines({ facts, criteria, thresholds, asOf }: ExitReport): ExitLine[] {
  const words: Record<keyof ExitFacts, Words> = {
    memory: memoryWords(facts.memory, asOf),
    build: buildWords(facts.build, thresholds, asOf),
    vacuum: vacuumWords(facts.vacuum, thresholds, asOf),
    locks: lockWords(facts.locks, thresholds, asOf),
    recall: recallWords(facts.recall, thresholds, asOf),
    share: shareWords(facts.share, thresholds, asOf),
  }
  return criteria.map(({ key, tone }) => ({ key, tone, ...words[key] }))
}

type Thresholds = ExitReport['thresholds']

const memoryWords = (memory: ExitFacts['memory'], asOf: string): Words => ({
  name: 'Vector indexes against memory',
  figure:
    memory.indexes === 0
      ? null
      : `${bytesText(memory.indexBytes)} in ${count(memory.indexes)} ${memory.indexes === 1 ? 'index' : 'indexes'}${
          memory.leastHitRatio === null ? '' : `; the worst found ${percentText(memory.leastHitRatio)} of its pages`
        }`,
  why: memory.indexes === 0 ? 'No tenant has a vector index.' : null,
  thresholds: `amber beyond shared_buffers (${bytesText(memory.sharedBuffersBytes)}), red beyond effective_cache_size (${bytesText(memory.cacheBytes)})`,
  origin: 'pgvector: an HNSW index is walked at random, so each page that is not in memory is a read from disk.',
  remedy:
    'Half precision halves it; cold tenants need no index; more memory. Then partitions on a server of their own.',
  source: { ...POSTGRES, from: 'memory_samples, pg_settings', asOf, precision: 'sampled' },
})

const buildWords = (build: ExitFacts['build'], { buildMs }: Thresholds, asOf: string): Words => ({
  name: "The largest tenant's build",
  figure:
    build &&
    `${build.tenant}, ${count(build.rows)} rows: ${durationLong(Math.max(1_000, build.ms))}${build.measured ? '' : ', estimated'}`,
  why: build ? null : 'No tenant has items yet.',
  thresholds: `amber beyond ${durationLong(buildMs.amber)}, red beyond ${durationLong(buildMs.red)}`,
  origin: 'Ours: a build longer than an hour does not fit into a quiet hour, and every change of parameters costs one.',
  remedy:
    'More maintenance_work_mem, so that the graph is built in memory; parallel workers; a lower ef_construction. IVFFlat where no memory is to be had.',
  source: {
    ...POSTGRES,
    from: 'jobs (memory.build-index), memory_samples',
    asOf: build?.at ?? asOf,
    precision: build?.measured ? 'exact' : 'estimated',
    detail:
      'Measured where the last build had about as many rows; else by the pace of the last builds, or a published one.',
  },
})

function vacuumWords(vacuum: ExitFacts['vacuum'], { vacuumMs }: Thresholds, asOf: string): Words {
  const longest = vacuum.counted ? vacuum.longest : null
  return {
    name: 'A vacuum of the slowest partition',
    figure: longest && `${longest.tenant}: ${durationText(longest.ms)} on average of ${count(longest.vacuums)}`,
    why: !vacuum.counted
      ? 'This Postgres does not count the time of vacuums; version 18 does.'
      : longest
        ? null
        : 'No partition was vacuumed yet.',
    thresholds: `amber beyond ${durationLong(vacuumMs.amber)}, red beyond ${durationLong(vacuumMs.red)}`,
    origin: 'Ours: HNSW repairs its graph in a vacuum, and dead rows cost recall until it ends.',
    remedy: 'Rebuild instead of vacuuming after large deletes; raise autovacuum_vacuum_cost_limit; smaller tenants.',
    source: {
      ...POSTGRES,
      from: 'pg_stat_all_tables: total_vacuum_time + total_autovacuum_time',
      window: 'since the counters began',
      asOf,
      precision: 'exact',
    },
  }
}

const lockWords = ({ waiting, longestMs }: ExitFacts['locks'], { lockWaitMs }: Thresholds, asOf: string): Words => ({
  name: 'Waiting for locks on memories',
  figure: waiting === 0 ? 'nobody waits' : `${count(waiting)} wait, the first for ${durationText(longestMs)}`,
  why: null,
  thresholds: `amber beyond ${durationText(lockWaitMs.amber)}, red beyond ${durationText(lockWaitMs.red)}`,
  origin: 'Postgres: deadlock_timeout, 1 s, is when it begins to call a wait long.',
  remedy: 'Find who holds it in pg_stat_activity; Engram itself builds, drops and detaches concurrently.',
  source: { ...POSTGRES, from: 'pg_locks', window: 'at this moment', asOf, precision: 'exact' },
})

function recallWords(recall: ExitFacts['recall'], { latencyBudgetMs, recallShortOfTarget }: Thresholds, asOf: string) {
  const [worst] = recall
  const budget = durationText(latencyBudgetMs)
  const short = recall.filter((one) => (one.recall ?? 0) < one.target).length
  return {
    name: `Recall within ${budget}`,
    figure: worst
      ? `${short === 0 ? `all ${count(recall.length)} measured reach their target` : `${count(short)} of ${count(recall.length)} fall short`}; the least: ${worst.tenant}, ${
          worst.recall === null ? `nothing within ${budget}` : `${recallText(worst.recall)} of ${worst.target}`
        }`
      : null,
    why: worst ? null : 'No indexed tenant was measured yet.',
    thresholds: `amber below the target of a tenant, red from ${recallShortOfTarget.red} below it, at p95 of ${budget} at most`,
    origin:
      'The targets are yours, by tenant; the budget is ours: a search in an answer of a second should not be felt.',
    remedy: 'A vacuum or rebuild where rows died; m 32 and ef_construction 128; full precision; a better model.',
    source: {
      ...POSTGRES,
      from: 'memory_recalls',
      window: 'newest measurement of each tenant',
      asOf: worst?.at ?? asOf,
      precision: 'sampled' as const,
    },
  }
}

const shareWords = (share: ExitFacts['share'], { databaseShare }: Thresholds, asOf: string): Words => ({
  name: 'Share of database time',
  figure:
    share && share.allMs > 0
      ? `${percentText(share.memoryMs / share.allMs)}: ${durationText(share.memoryMs)} of ${durationText(share.allMs)}`
      : null,
  why: share ? (share.allMs > 0 ? null : 'Nothing was executed yet.') : 'pg_stat_statements is not loaded here.',
  thresholds: `amber beyond ${percentText(databaseShare.amber)}, red beyond ${percentText(databaseShare.red)}`,
  origin: 'Ours: beyond half, searches decide how large the server of everything else must be.',
  remedy: 'Kept answers in Redis; an index where searches compare with every item; a replica for searches.',
  source: {
    ...POSTGRES,
    from: 'pg_stat_statements: total_exec_time of statements on memory ÷ all of this database',
    window: share?.since ? 'since its counters began' : undefined,
    asOf,
    precision: 'exact',
    detail: 'Evicted statements are not in it.',
  },
})

import {
  newestRedisSample,
  oldestRedisSampleAt,
  redisSampleBreaks,
  redisSampleSeries,
  redisSampleTotals,
} from '@/db/postgres/queries/redis-samples'
import { workersSince } from '@/db/postgres/queries/overview'
import { type Clock, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { lookupsByBucket } from './lookups'
import { SAMPLES_KEPT_DAYS } from './retention'
import { restarts, sampleGaps } from './sample-gaps'

const DAY_MS = 86_400_000

type Row = Awaited<ReturnType<typeof redisSampleTotals>>

/**
 * What the samples of Redis say about a range and the one before: figures, series, and the stretches that are missing
 * with their reasons. The whole instance: INFO knows no tenants.
 */
export async function redisSide({ db, redis }: Stores, clock: Clock, now: Date) {
  const { from, to, before, stepSeconds } = clock
  const [newest, last, oldestAt, { total, buckets }, totalBefore, breaks, workers] = await Promise.all([
    newestRedisSample(db, { before: now }),
    newestRedisSample(db, { before: to }),
    oldestRedisSampleAt(db),
    redisSampleSeries(db, { from, to, stepSeconds }),
    redisSampleTotals(db, before),
    redisSampleBreaks(db, { from, to: now }),
    workersSince(db, { from }),
  ])
  const downSince = redis.downSince()
  const history = { from, to, now, oldestAt, newestAt: newest?.at ?? null, breaks, workers }
  const keptSince = new Date(now.getTime() - SAMPLES_KEPT_DAYS * DAY_MS)
  return {
    downSince: downSince === null ? null : new Date(downSince).toISOString(),
    newestAt: newest?.at.toISOString() ?? null,
    /** Where Redis stood at the end of the range. */
    last: last && levelsOf(last),
    during: figuresOf(total),
    before: figuresOf(totalBefore),
    series: {
      hitRate: spread(clock, buckets, hitRate),
      missesPerSecond: spread(clock, buckets, perSecond('misses')),
      commandsPerSecond: spread(clock, buckets, perSecond('commands')),
      evictedPerSecond: spread(clock, buckets, perSecond('evicted')),
      expiredPerSecond: spread(clock, buckets, perSecond('expired')),
      usedMemoryBytes: spread(clock, buckets, (row) => row.usedMemoryBytes),
      keys: spread(clock, buckets, (row) => row.keys),
      clients: spread(clock, buckets, (row) => row.clients),
      liveSessions: spread(clock, buckets, (row) => row.liveSessions),
    },
    lookups: lookupsByBucket(clock, buckets),
    gaps: sampleGaps({ ...history, keptSince }),
    restarts: restarts(breaks).filter((at) => at >= from.getTime() && at < to.getTime()),
  }
}

export type RedisSide = Awaited<ReturnType<typeof redisSide>>

function levelsOf(sample: NonNullable<Awaited<ReturnType<typeof newestRedisSample>>>) {
  const { at, version, uptimeSeconds, usedMemoryBytes, maxMemoryBytes, rssBytes, fragmentationRatio } = sample
  const { keys, expiringKeys, clients, liveSessions, maxMemoryPolicy, appendOnly } = sample
  const { maxClients, blockedClients, lastSaveAt, lastSaveOk, changesSinceSave, appendOnlyOk } = sample
  const { role, replicas, replicaLagBytes, primaryLinkUp } = sample
  return {
    ...{ maxClients, blockedClients, lastSaveOk, changesSinceSave, appendOnlyOk },
    ...{ role, replicas, replicaLagBytes, primaryLinkUp },
    lastSaveAt: lastSaveAt?.toISOString() ?? null,
    at: at.toISOString(),
    version,
    uptimeSeconds,
    usedMemoryBytes,
    maxMemoryBytes,
    rssBytes,
    fragmentationRatio,
    keys,
    expiringKeys,
    clients,
    liveSessions,
    maxMemoryPolicy,
    appendOnly,
  }
}

/** Rates over what the deltas cover; null where there is nothing to divide by, as after a restart (R12). */
function figuresOf(row: Row) {
  return {
    hits: row.hits,
    misses: row.misses,
    evicted: row.evicted,
    expired: row.expired,
    rejected: row.rejected,
    ownReads: row.ownReads,
    hitRate: hitRate(row),
    lookupsPerSecond: lookupsPerSecond(row),
    missesPerSecond: perSecond('misses')(row),
    commandsPerSecond: perSecond('commands')(row),
    microsecondsPerCommand: row.commands && row.commandUsec !== null ? row.commandUsec / row.commands : null,
    usedMemoryBytes: row.usedMemoryBytes,
    keys: row.keys,
    clients: row.clients,
    liveSessions: row.liveSessions,
  }
}

const hitRate = ({ hits, misses }: Pick<Row, 'hits' | 'misses'>) =>
  hits !== null && misses !== null && hits + misses > 0 ? hits / (hits + misses) : null

const lookupsPerSecond = ({ hits, misses, seconds }: Row) =>
  hits !== null && misses !== null && seconds ? (hits + misses) / seconds : null

const perSecond = (name: 'misses' | 'commands' | 'evicted' | 'expired') => (row: Row) => {
  const amount = row[name]
  return amount !== null && row.seconds !== null && row.seconds > 0 ? amount / row.seconds : null
}

import { type LookupGroup, lookupsBy, lookupSeries, lookupSeriesBy, lookupTotals } from '@/db/postgres/queries/cache'
import { axisOf, bucketStart, type Clock, clockOf, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { activationMarks } from '@/server/services/overview/activation-marks'
import { verdicts } from '@/server/services/overview/verdicts'
import { windowOf } from '@/server/services/scope.schema'
import type { CacheScope } from './cache.schema'
import { withCulprit } from './culprit'
import { fallReport } from './fall'
import { findings } from './findings'
import { hitRateOf, lookupsByBucket, ratioOf } from './lookups'
import { familiesByBucket, familyLookups } from './lookups-by-family'
import { redisSide } from './redis-side'

const GROUPS_SHOWN = 100
const GROUPS_DRAWN = 3

/**
 * How well the cache works over a stretch of time: Redis' own counts for the whole instance, and the answer cache
 * exactly as the gateways counted it, by namespace or, within one namespace, by tenant; and every family beside it.
 */
export async function cacheReport(stores: Stores, { namespace, family, ...scope }: CacheScope, now = new Date()) {
  const clock = clockOf(windowOf(scope, now))
  const filter = { tenant: scope.tenant ?? undefined, namespace: namespace ?? undefined }
  const range = { from: clock.from, to: clock.to }
  const by: LookupGroup = namespace === null ? 'namespace' : 'tenant'
  const [redis, marks, answers, families, familyLines] = await Promise.all([
    redisSide(stores, clock, now),
    activationMarks(stores, clock),
    answersBy(stores, clock, { ...filter, by }),
    familyLookups(stores, clock, { tenant: filter.tenant, family }),
    namespace === null ? familiesByBucket(stores, clock, filter.tenant) : undefined,
  ])
  const { lookups, ...redisShown } = redis
  const { findings: instance, foreignSessions } = await findings(stores, clock, redis)
  const { lookups: answersLookups, ...answersShown } = answers
  const filtered = namespace !== null || scope.tenant !== null
  const live = scope.range !== null
  const found = verdicts({
    now,
    live,
    redisDownSince: redis.downSince,
    newestSampleAt: redis.newestAt,
    redis: redis.last && {
      ...redis.last,
      evicted: redis.during.evicted,
      liveSessions: redis.last.liveSessions + foreignSessions,
    },
    lookups: filtered ? answersLookups : lookups,
    lookupsBefore: ratioOf(filtered ? answersShown.before : redis.before),
    families: familyLines,
    costs: [],
    usage: null,
    activations: marks,
    bucketStart: (index) => bucketStart(clock, index),
  })
  const [told, fall] = await Promise.all([
    withCulprit(stores, found, { ...range, ...filter }),
    fallReport(stores, found, { ...range, ...filter }),
  ])
  return {
    asOf: now.toISOString(),
    live,
    axis: axisOf(clock),
    tenant: scope.tenant,
    namespace,
    verdicts: told,
    findings: instance,
    fall,
    redis: redisShown,
    answers: { by, ...answersShown },
    lookups: families,
    marks,
  }
}

export type CacheReport = Awaited<ReturnType<typeof cacheReport>>

type Filter = { tenant?: string; namespace?: string; by: LookupGroup }

async function answersBy({ db }: Pick<Stores, 'db'>, clock: Clock, { by, ...filter }: Filter) {
  const { from, to, before, stepSeconds } = clock
  const range = { from, to, ...filter }
  const [all, during, earlier, { rows, groups }] = await Promise.all([
    lookupSeries(db, { ...range, stepSeconds }),
    lookupTotals(db, range),
    lookupTotals(db, { ...before, ...filter }),
    lookupsBy(db, { ...range, before: before.from, by, limit: GROUPS_SHOWN }),
  ])
  const drawn = rows.slice(0, GROUPS_DRAWN).map(({ key }) => key)
  const parts = drawn.length < 2 ? [] : await lookupSeriesBy(db, { ...range, by, among: drawn, stepSeconds })
  return {
    during: { ...during, hitRate: hitRateOf(during) },
    before: { ...earlier, hitRate: hitRateOf(earlier) },
    rows,
    groups,
    series: {
      all: spread(clock, all, hitRateOf),
      parts:
        drawn.length < 2 ? [] : drawn.map((key) => ({ key, hitRate: spread(clock, ofKey(parts, key), hitRateOf) })),
    },
    lookups: lookupsByBucket(clock, all),
  }
}

const ofKey = <Row extends { key: string }>(rows: Row[], key: string) => rows.filter((row) => row.key === key)

import { selectDrifted } from '@/db/postgres/queries/leaderboard-checks'
import { recallsBelowTarget } from '@/db/postgres/queries/vectors-recall'
import { lookupsBy, lookupSeries, lookupTotals } from '@/db/postgres/queries/cache'
import { withCulprit } from '@/server/services/cache/culprit'
import { hitRateOf, lookupsByBucket, ratioOf } from '@/server/services/cache/lookups'
import { familiesByBucket } from '@/server/services/cache/lookups-by-family'
import { redisSide } from '@/server/services/cache/redis-side'
import { axisOf, bucketStart, type Clock, clockOf, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'
import { toldOfBudgets } from '@/server/services/usage/budgets/told-of-budgets'
import { activationMarks } from './activation-marks'
import { postgresSide } from './postgres-side'
import { waitingChanges } from './waiting-changes'
import { verdicts } from './verdicts'

const NAMESPACES_SHOWN = 5
const BOARDS_NAMED = 20
const MEMORIES_NAMED = 3

/** Both memories over one stretch of time, on one clock: everything that the Overview shows, in one answer. */
export async function overview(stores: Stores, scope: Scope, now = new Date()) {
  const clock = clockOf(windowOf(scope, now))
  const tenant = scope.tenant ?? undefined
  const [redis, postgres, marks, waiting, budgets, boards, missing, answers, families, namespaces] = await Promise.all([
    redisSide(stores, clock, now),
    postgresSide(stores, clock, tenant),
    activationMarks(stores, clock),
    waitingChanges(stores),
    toldOfBudgets(stores, { tenant: scope.tenant }, now),
    selectDrifted(stores.db, { tenant, limit: BOARDS_NAMED }),
    recallsBelowTarget(stores.db, { tenant, limit: MEMORIES_NAMED }),
    answersOf(stores, clock, tenant),
    familiesByBucket(stores, clock, tenant),
    lookupsBy(stores.db, { ...clock, before: clock.before.from, by: 'namespace', tenant, limit: NAMESPACES_SHOWN }),
  ])
  const { lookups, ...redisShown } = redis
  const { costs, ...postgresShown } = postgres
  const live = scope.range !== null
  const found = verdicts({
    now,
    live,
    redisDownSince: redis.downSince,
    newestSampleAt: redis.newestAt,
    redis: redis.last && { ...redis.last, evicted: redis.during.evicted },
    lookups: tenant === undefined ? lookups : answers.lookups,
    lookupsBefore: tenant === undefined ? ratioOf(redis.before) : answers.lookupsBefore,
    families,
    costs,
    usage: postgres.during,
    activations: marks,
    waiting,
    budgets,
    missing,
    boards: boards.map(({ at, ...board }) => ({ ...board, at: new Date(at).toISOString() })),
    bucketStart: (index) => bucketStart(clock, index),
  })
  return {
    asOf: now.toISOString(),
    live,
    axis: axisOf(clock),
    tenant: scope.tenant,
    verdicts: await withCulprit(stores, found, { from: clock.from, to: clock.to, tenant }),
    redis: redisShown,
    /** The tenant's own answer cache; null while all tenants are shown. INFO knows no tenants. */
    answers:
      tenant === undefined
        ? null
        : { hitRate: answers.hitRate, hitRateBefore: answers.hitRateBefore, series: answers.series },
    postgres: postgresShown,
    marks,
    namespaces,
  }
}

export type Overview = Awaited<ReturnType<typeof overview>>

/** Hits and misses of the answer cache, of one tenant or of all, counted one by one by the gateways. */
async function answersOf({ db }: Pick<Stores, 'db'>, clock: Clock, tenant: string | undefined) {
  const { from, to, before, stepSeconds } = clock
  const [rows, during, earlier] = await Promise.all([
    lookupSeries(db, { from, to, tenant, stepSeconds }),
    lookupTotals(db, { from, to, tenant }),
    lookupTotals(db, { ...before, tenant }),
  ])
  return {
    hitRate: hitRateOf(during),
    hitRateBefore: hitRateOf(earlier),
    series: spread(clock, rows, hitRateOf),
    lookups: lookupsByBucket(clock, rows),
    lookupsBefore: ratioOf(earlier),
  }
}

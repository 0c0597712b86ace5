import { latencyP95, newestActivations, postgresVersion, promptCounts } from '@/db/postgres/queries/overview'
import { usageBy, usageByTime, type UsageFigures, usageTotals } from '@/db/postgres/queries/usage'
import { bucketStart, type Clock, secondsInside, spread } from '@/server/services/clock'
import type { Stores } from '@/server/services/context'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { activationOf } from './activation-marks'

const TENANTS_SHOWN = 5
const ACTIVATIONS_SHOWN = 5

/** What Postgres knows of a range and the one before it: usage and its cost, and the prompts that are live. */
export async function postgresSide({ db }: Pick<Stores, 'db'>, clock: Clock, tenant: string | undefined) {
  const { from, to, before, stepSeconds } = clock
  // One edge more than buckets: what lies in a bucket that the clock leaves out must not end up in the one before.
  const edges = Array.from({ length: clock.count + 1 }, (_, index) => new Date(bucketStart(clock, index)))
  const [usage, usageBefore, latency, latencyBefore, tenants, prompts, activations, version] = await Promise.all([
    usageByTime(db, { from, to, tenant }, edges),
    usageTotals(db, { ...before, tenant }),
    latencyP95(db, { from, to, tenant, stepSeconds }),
    latencyP95(db, { ...before, tenant, stepSeconds }),
    usageBy(db, { from, to, tenant }, 'tenant', TENANTS_SHOWN),
    promptCounts(db),
    newestActivations(db, { limit: ACTIVATIONS_SHOWN }),
    postgresVersion(db),
  ])
  const rows = [...usage.buckets].map(([index, figures]) => ({
    bucket: clock.first + index,
    tokens: figures.inputTokens + figures.outputTokens,
    ...figures,
  }))
  const perMinute = (amount: number, bucket: number) => (amount * 60) / secondsInside(clock, bucket)
  // Every call is counted, so a stretch without a row truly had none; that is a zero, unlike with Redis' samples.
  const counted = everyBucket(clock, rows)
  return {
    version,
    during: { ...figuresOf(usage.totals), latencyMsP95: latency.p95 },
    before: { ...figuresOf(usageBefore), latencyMsP95: latencyBefore.p95 },
    latencySampled: latency.sampled,
    series: {
      requestsPerMinute: spread(clock, counted, (row) => perMinute(row.requests, row.bucket)),
      tokensPerMinute: spread(clock, counted, (row) => perMinute(row.tokens, row.bucket)),
      errorShare: spread(clock, counted, (row) => (row.requests > 0 ? row.errors / row.requests : null)),
      costPerMinute: spread(clock, counted, (row) => perMinute(Number(row.costUsd), row.bucket)),
      latencyMsP95: spread(clock, latency.buckets, (row) => row.p95),
    },
    costs: rowsToRatios(clock, rows),
    tenants: topTenants(tenants),
    prompts,
    activations: activations.map(activationOf),
  }
}

export type PostgresSide = Awaited<ReturnType<typeof postgresSide>>

const figuresOf = ({ requests, errors, inputTokens, outputTokens, costUsd, unpriced }: UsageFigures) => ({
  requests,
  errors,
  inputTokens,
  outputTokens,
  costUsd,
  unpriced,
})

type Counted = Pick<UsageFigures, 'requests' | 'errors' | 'costUsd' | 'unpriced'> & { bucket: number; tokens: number }

function everyBucket({ first, count }: Clock, rows: Counted[]): Counted[] {
  const known = new Map(rows.map((row) => [row.bucket, row]))
  return Array.from({ length: count }, (_, index) => {
    const bucket = first + index
    return known.get(bucket) ?? { bucket, requests: 0, errors: 0, tokens: 0, costUsd: '0', unpriced: 0 }
  })
}

/** Dollars of priced requests by bucket: to find a step in the cost of a request, not to account for it. */
function rowsToRatios({ first, count }: Clock, rows: Counted[]) {
  const ratios = new Array<{ part: number; whole: number } | null>(count).fill(null)
  for (const { bucket, requests, unpriced, costUsd } of rows)
    if (bucket - first >= 0 && bucket - first < count)
      ratios[bucket - first] = { part: Number(costUsd), whole: requests - unpriced }
  return ratios
}

/** The dearest tenants, and all others as one, so that the parts add up to the whole (R7). */
function topTenants({ totals, groups, groupCount }: Awaited<ReturnType<typeof usageBy>>) {
  const shown = groups.map(({ keys: [tenant], costUsd, requests, unpriced }) => ({
    tenant: tenant ?? '',
    costUsd,
    requests,
    unpriced,
  }))
  const others = shown.reduce((rest, { costUsd }) => rest - pico(costUsd), pico(totals.costUsd))
  return {
    shown,
    others: groupCount > shown.length ? { count: groupCount - shown.length, costUsd: usdFromPico(others) } : null,
  }
}

const pico = (usd: string) => scaled(usd, 12) ?? 0n

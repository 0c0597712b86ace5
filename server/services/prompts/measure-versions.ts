import { latenciesAt, totalsOfVersions, type VersionTotals } from '@/db/postgres/queries/prompt-usage'
import type { Stores } from '@/server/services/context'
import { type Confidence, type Quantile, quantileRanks } from './intervals'

/** A quantile of latencies in milliseconds; `value` is known from fewer calls than its interval. */
export type LatencyQuantile = Quantile & { value: number | null }
export type VersionFigures = VersionTotals & { latencyP50: LatencyQuantile; latencyP95: LatencyQuantile }

type Stretch = { name: string; versions: readonly number[]; from: Date; to: Date }

/** What versions of a prompt did in a stretch of time, in the order asked for; a version without calls did nothing. */
export async function measureVersions(
  { db }: Pick<Stores, 'db'>,
  stretch: Stretch,
  confidence: Confidence,
): Promise<VersionFigures[]> {
  const totals = await totalsOfVersions(db, stretch)
  return Promise.all(
    stretch.versions.map(async (version) => {
      const own = totals.get(version) ?? nothing(version)
      const latencies = await latencyQuantiles({ db }, { ...stretch, version, n: own.timed }, confidence)
      return { ...own, ...latencies }
    }),
  )
}

type Latencies = Pick<VersionFigures, 'latencyP50' | 'latencyP95'>

/** Postgres sorts and hands out six values; the calls themselves stay where they are. */
async function latencyQuantiles(
  { db }: Pick<Stores, 'db'>,
  { n, ...calls }: { name: string; version: number; from: Date; to: Date; n: number },
  confidence: Confidence,
): Promise<Latencies> {
  const wanted = [0.5, 0.95].map((p) => ({ p, at: Math.ceil(n * p), ranks: quantileRanks(p, n, confidence) }))
  const places = wanted.flatMap(({ at, ranks }) => [at, ranks?.low ?? at, ranks?.high ?? at])
  // The middle of a rank's share of the whole: the same rank, or its neighbour when calls arrive meanwhile.
  const fractions = places.map((rank) => (rank - 0.5) / n)
  const values = n === 0 ? [] : await latenciesAt(db, { ...calls, fractions })
  const [latencyP50, latencyP95] = wanted.map(({ p, ranks }, index) => {
    const [value = null, low, high] = values.slice(index * 3, index * 3 + 3)
    const known = ranks && value !== null && low !== undefined && high !== undefined
    return { p, n, value, interval: known ? { estimate: value, low, high } : null }
  }) as [LatencyQuantile, LatencyQuantile]
  return { latencyP50, latencyP95 }
}

const nothing = (version: number): VersionTotals => ({
  version,
  requests: 0,
  errors: 0,
  cached: 0,
  priced: 0,
  costPer1000Usd: null,
  cost: { mean: null, deviation: null },
  tokens: { mean: null, deviation: null },
  timed: 0,
})

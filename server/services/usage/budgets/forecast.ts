/** Estimates are floats: they are drawn and told as estimates, never added to what was spent (R7). */
export type ForecastInput = {
  now: Date
  /** The end of the period; a rolling budget has none, and is looked at as many days ahead as it is long. */
  to: Date
  spentUsd: number
  amountUsd: number
  /** Milliseconds of an hour or a day. */
  unitMs: number
  /** What was spent in each of the newest complete units, oldest first, from the first with usage on. */
  sample: number[]
  /** What will have left a rolling window so many milliseconds from now; of calendar periods nothing does. */
  leaves?: (ms: number) => number
}

type Range<T> = { low: T; likely: T; high: T }
export type Forecast =
  | { kind: 'not-enough'; have: number; need: number }
  | { kind: 'used-up' }
  | {
      kind: 'forecast'
      /** Spent by the end of the period: nine of ten such forecasts are not above `high`, nor below `low`. */
      endUsd: Range<number>
      /** When the amount is reached, never before now; null where not within the period. `low` is the latest. */
      exhaustedAt: Range<Date | null>
      units: number
      /** Where it leads, for drawing: now, after each unit, and at the end. */
      path: (Range<number> & { at: number })[]
    }

const DAY_MS = 86_400_000
/** Looks ahead in this many steps at most. */
const STEPS = 1_000
export const unitsNeeded = (unitMs: number) => (unitMs < DAY_MS ? 6 : 3)
/** How many complete units are looked back at: four weeks, or a week of hours. */
export const unitsSampled = (unitMs: number) => (unitMs < DAY_MS ? 7 * 24 : 28)

/**
 * Goes on at the mean of the sample. The range is the prediction interval of a sum of k more values after n independent
 * ones of mean m and standard deviation s: k·m ± t·s·√(k·(1 + k/n)), t the 90 % quantile of Student's t with n − 1
 * degrees (Hahn and Meeker, Statistical Intervals, chapter 4: the mean of k future observations, times k). Weekdays are
 * not told apart: what they differ by is part of s.
 */
export function forecast({ now, to, spentUsd, amountUsd, unitMs, sample, leaves = () => 0 }: ForecastInput): Forecast {
  if (spentUsd >= amountUsd) return { kind: 'used-up' }
  const [have, need] = [sample.length, unitsNeeded(unitMs)]
  if (have < need) return { kind: 'not-enough', have, need }
  const mean = sample.reduce((sum, one) => sum + one, 0) / have
  const deviation = Math.sqrt(sample.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (have - 1))
  const t = quantile90(have - 1)
  const at = (ms: number, side: -1 | 0 | 1) => {
    const k = ms / unitMs
    const more = Math.max(0, k * mean + side * t * deviation * Math.sqrt(k * (1 + k / have)))
    return spentUsd - leaves(ms) + more
  }
  const ahead = Math.max(0, to.getTime() - now.getTime())
  const reached = (side: -1 | 0 | 1): Date | null => {
    for (let step = 1; step <= STEPS; step++) {
      const ms = (ahead * step) / STEPS
      if (at(ms, side) >= amountUsd) return new Date(now.getTime() + Math.ceil(ms))
    }
    return null
  }
  return {
    kind: 'forecast',
    endUsd: { low: at(ahead, -1), likely: at(ahead, 0), high: at(ahead, 1) },
    exhaustedAt: { low: reached(-1), likely: reached(0), high: reached(1) },
    units: have,
    path: aheadOf(ahead, unitMs).map((ms) => ({ at: +now + ms, low: at(ms, -1), likely: at(ms, 0), high: at(ms, 1) })),
  }
}

const aheadOf = (ahead: number, unitMs: number) => [
  ...Array.from({ length: Math.ceil(ahead / unitMs) }, (_, unit) => unit * unitMs),
  ahead,
]

/** Abramowitz and Stegun 26.7.5, first two terms; two percent low at two degrees, exact from four on. */
function quantile90(degrees: number): number {
  const z = 1.2815515655446004
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  return z + first / degrees + second / degrees ** 2
}

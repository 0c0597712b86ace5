/** Where a true figure lies, as far as a sample lets it be known. */
export type Interval = { estimate: number; low: number; high: number }

/** An interval, or what it lacks: this many observations on either side, or a base other than zero to divide by. */
export type Estimated = { state: 'known'; interval: Interval } | { state: 'few'; needed: number } | { state: 'no base' }

export type Confidence = 0.95 | 0.999
export type Share = { part: number; of: number }
export type Mean = { mean: number | null; deviation: number | null; n: number }
/** The `p`-quantile of `n` values; without an interval when the sample is too small for one. */
export type Quantile = { p: number; n: number; interval: Interval | null }

/** Standard errors on either side that hold so much of a normal distribution. */
const standardErrors: Record<Confidence, number> = { 0.95: 1.959964, 0.999: 3.290527 }

/** Below this on either side the approximations here do not hold; a usual rule of thumb. */
export const LEAST_SAMPLE = 30

const known = (interval: Interval): Estimated => ({ state: 'known', interval })
const few = (needed: number): Estimated => ({ state: 'few', needed })

/** Score interval of a proportion (Wilson 1927). */
export function wilson({ part, of }: Share, confidence: Confidence): Interval {
  const z = standardErrors[confidence]
  const estimate = part / of
  const middle = estimate + z ** 2 / (2 * of)
  const half = z * Math.sqrt((estimate * (1 - estimate)) / of + z ** 2 / (4 * of ** 2))
  const scale = 1 + z ** 2 / of
  // Rounding must not push a bound past the estimate where nothing or everything was counted.
  return {
    estimate,
    low: part === 0 ? 0 : (middle - half) / scale,
    high: part === of ? 1 : (middle + half) / scale,
  }
}

/** `after - before` of two proportions: the hybrid score interval, method 10 of Newcombe (1998). */
export function shareDifference(before: Share, after: Share, confidence: Confidence): Estimated {
  if (Math.min(before.of, after.of) < LEAST_SAMPLE) return few(LEAST_SAMPLE)
  return known(mover(wilson(before, confidence), wilson(after, confidence)))
}

/** `after / before` of two means, by the delta method on the logarithm (Casella & Berger, Statistical Inference, 5.5.4). */
export function meanRatio(before: Mean, after: Mean, confidence: Confidence): Estimated {
  if (Math.min(before.n, after.n) < LEAST_SAMPLE) return few(LEAST_SAMPLE)
  if (!before.mean || after.mean === null) return { state: 'no base' }
  const estimate = after.mean / before.mean
  if (estimate === 0) return known({ estimate, low: 0, high: 0 })
  const error = Math.hypot(relativeError(before), relativeError(after))
  const factor = Math.exp(standardErrors[confidence] * error)
  return known({ estimate, low: estimate / factor, high: estimate * factor })
}

const relativeError = ({ mean, deviation, n }: Mean) => (deviation ?? 0) / (mean || 1) / Math.sqrt(n)

/**
 * `after / before` of two counts over stretches of the same length, if calls come independently: given their sum, one of
 * them is binomial (Przyborowski & Wilenski 1940), its share has Wilson's interval.
 */
export function countRatio(before: number, after: number, confidence: Confidence): Estimated {
  if (before === 0) return { state: 'no base' }
  if (Math.min(before, after) < LEAST_SAMPLE) return few(LEAST_SAMPLE)
  const share = wilson({ part: after, of: before + after }, confidence)
  const odds = (value: number) => value / (1 - value)
  return known({ estimate: after / before, low: odds(share.low), high: odds(share.high) })
}

/**
 * Which values, counted from 1 in order of size, enclose the `p`-quantile of `n`: the large-sample ranks of Conover,
 * Practical Nonparametric Statistics (1999), 3.2. Null when the sample is too small to reach beyond it.
 */
export function quantileRanks(p: number, n: number, confidence: Confidence): { low: number; high: number } | null {
  if (n < quantileNeeds(p, confidence)) return null
  const half = standardErrors[confidence] * Math.sqrt(n * p * (1 - p))
  return { low: Math.max(1, Math.ceil(n * p - half)), high: Math.min(n, Math.ceil(n * p + half)) }
}

/** The smallest sample whose ranks stay within it, on either side of the quantile. */
export function quantileNeeds(p: number, confidence: Confidence): number {
  const odds = Math.max(p / (1 - p), (1 - p) / p)
  return Math.max(LEAST_SAMPLE, Math.ceil(standardErrors[confidence] ** 2 * odds))
}

/** `after - before` of two quantiles, from the order-statistic interval of each, combined by MOVER. */
export function quantileDifference(before: Quantile, after: Quantile, confidence: Confidence): Estimated {
  if (!before.interval || !after.interval) return few(quantileNeeds(after.p, confidence))
  return known(mover(before.interval, after.interval))
}

/** `after / before` of two quantiles of durations in whole milliseconds: the same on the logarithm. */
export function quantileRatio(before: Quantile, after: Quantile, confidence: Confidence): Estimated {
  if (!before.interval || !after.interval) return few(quantileNeeds(after.p, confidence))
  const { estimate, low, high } = mover(each(before.interval, logOfMs), each(after.interval, logOfMs))
  return known(each({ estimate, low, high }, Math.exp))
}

/** Less than one millisecond is not measured; it has no logarithm either. */
const logOfMs = (ms: number) => Math.log(Math.max(1, ms))

const each = ({ estimate, low, high }: Interval, change: (value: number) => number): Interval => ({
  estimate: change(estimate),
  low: change(low),
  high: change(high),
})

/** Interval of `after - before` from the interval of each: MOVER (Zou & Donner 2008, Statistics in Medicine 27). */
function mover(before: Interval, after: Interval): Interval {
  const estimate = after.estimate - before.estimate
  return {
    estimate,
    low: estimate - Math.hypot(after.estimate - after.low, before.high - before.estimate),
    high: estimate + Math.hypot(after.high - after.estimate, before.estimate - before.low),
  }
}

/** Of one bucket: how much, of how many. Hits of look-ups, dollars of requests. */
export type Ratio = { part: number; whole: number }
export type Step = { index: number; was: Ratio & { ratio: number }; now: Ratio & { ratio: number } }

/** Buckets before a step that say what was usual. */
const USUAL_BUCKETS = 60

/**
 * The place where a ratio changed most and stayed: everything from there on against the hour or so before. Null buckets
 * hold nothing. `direction` is what to look for: -1 a fall, 1 a rise. Both sides need `minWhole`.
 */
export function largestStep(buckets: (Ratio | null)[], direction: 1 | -1, minWhole: number): Step | null {
  const upTo = prefixSums(buckets)
  const between = (start: number, end: number) => {
    const [a, b] = [upTo[start], upTo[end]]
    const part = (b?.part ?? 0) - (a?.part ?? 0)
    const whole = (b?.whole ?? 0) - (a?.whole ?? 0)
    return { part, whole, ratio: whole > 0 ? part / whole : 0 }
  }
  let found: Step | null = null
  let most = 0
  for (let index = 1; index < buckets.length; index++) {
    const was = between(Math.max(0, index - USUAL_BUCKETS), index)
    const now = between(index, buckets.length)
    if (was.whole < minWhole || now.whole < minWhole) continue
    // Weighted by the smaller side: of two equal steps the better proven one, which is where it happened.
    const size = (now.ratio - was.ratio) * direction * Math.sqrt((was.whole * now.whole) / (was.whole + now.whole))
    if (size > most) [found, most] = [{ index, was, now }, size]
  }
  return found
}

function prefixSums(buckets: (Ratio | null)[]): Ratio[] {
  const sums = [{ part: 0, whole: 0 }]
  let [part, whole] = [0, 0]
  for (const bucket of buckets) {
    part += bucket?.part ?? 0
    whole += bucket?.whole ?? 0
    sums.push({ part, whole })
  }
  return sums
}

/** Standard errors between the two shares of a step, as of two samples of yes and no. */
export function standardErrors({ was, now }: Pick<Step, 'was' | 'now'>): number {
  const pooled = (was.part + now.part) / (was.whole + now.whole)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / was.whole + 1 / now.whole))
  return error > 0 ? Math.abs(now.ratio - was.ratio) / error : 0
}

/**
 * Standard errors between the two ratios of a step, from how much the buckets of each side scatter around theirs: the
 * variance of a ratio estimator, sum((part - ratio * whole)^2) / sum(whole)^2 (Cochran, Sampling Techniques, 6.3).
 */
export function scatteredErrors(buckets: (Ratio | null)[], { index, was, now }: Step): number {
  const variance = (side: (Ratio | null)[], { ratio, whole }: Step['was']) =>
    side.reduce((sum, one) => sum + ((one?.part ?? 0) - ratio * (one?.whole ?? 0)) ** 2, 0) / whole ** 2
  const before = variance(buckets.slice(Math.max(0, index - USUAL_BUCKETS), index), was)
  const after = variance(buckets.slice(index), now)
  return Math.abs(now.ratio - was.ratio) / Math.sqrt(before + after)
}

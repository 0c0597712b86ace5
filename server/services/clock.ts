/** No chart of a page has more points than this. */
export const MOST_POINTS = 300
const DAY_SECONDS = 86_400
const STEPS_SECONDS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY_SECONDS]

/** The one time axis of a page: a range, cut into buckets that begin on multiples of the step since 1970. */
export type Clock = {
  from: Date
  to: Date
  stepSeconds: number
  /** Number of the first bucket: its start in seconds divided by the step. */
  first: number
  /** How many buckets; one that has only just begun is left out, for a rate over a few seconds is noise. */
  count: number
  /** The window before, as long as the range: what its figures are compared with. */
  before: { from: Date; to: Date }
}

export function clockOf({ from, to }: { from: Date; to: Date }): Clock {
  const [start, end] = [from.getTime() / 1000, to.getTime() / 1000]
  const span = end - start
  const stepSeconds =
    STEPS_SECONDS.find((step) => span / step <= MOST_POINTS - 1) ??
    Math.ceil(span / (MOST_POINTS - 1) / DAY_SECONDS) * DAY_SECONDS
  const first = Math.floor(start / stepSeconds)
  const last = Math.ceil(end / stepSeconds) - 1
  const begun = end - last * stepSeconds >= stepSeconds / 2 || last === first
  return {
    from,
    to,
    stepSeconds,
    first,
    count: last - first + (begun ? 1 : 0),
    before: { from: new Date(from.getTime() - span * 1000), to: from },
  }
}

/** What the browser needs to place the values: the middle of the first bucket, and the step. */
export type Axis = { from: number; to: number; first: number; stepMs: number }

export function axisOf({ from, to, first, stepSeconds }: Clock): Axis {
  const stepMs = stepSeconds * 1000
  return { from: from.getTime(), to: to.getTime(), first: first * stepMs + stepMs / 2, stepMs }
}

/** One value per bucket, in order; null where there is no row, or nothing honest in it (R12). */
export function spread<Row extends { bucket: number }>(
  { first, count }: Clock,
  rows: Row[],
  value: (row: Row) => number | null,
): (number | null)[] {
  const values = new Array<number | null>(count).fill(null)
  for (const row of rows) {
    const at = row.bucket - first
    if (at >= 0 && at < count) values[at] = short(value(row))
  }
  return values
}

/** Five significant digits: enough for a pixel, half the bytes. */
const short = (value: number | null) =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(5))

/** Epoch milliseconds at which a bucket begins. */
export const bucketStart = ({ first, stepSeconds }: Clock, index: number) => (first + index) * stepSeconds * 1000

/** Seconds of a bucket that lie in the range: the first and the last are cut. */
export function secondsInside(clock: Clock, bucket: number): number {
  const start = bucket * clock.stepSeconds
  const end = start + clock.stepSeconds
  return Math.min(end, clock.to.getTime() / 1000) - Math.max(start, clock.from.getTime() / 1000)
}

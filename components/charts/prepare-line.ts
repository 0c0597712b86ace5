import type { Point, Span } from './chart'

type Sample = { t: number; v: number }

/** Two samples further apart than this many usual steps have a gap between them. */
const gapSteps = 2.5

/** The usual distance of two samples: the median, so that a gap does not stretch it. Null for fewer than two. */
export function usualStep(points: Point[]): number | null {
  const steps = points.flatMap((point, i) => {
    const next = points[i + 1]
    return next ? [next.t - point.t] : []
  })
  steps.sort((a, b) => a - b)
  return steps[Math.floor(steps.length / 2)] ?? null
}

/** Cuts a line where samples are missing: a gap stays a gap, it is never bridged and never zero (R12). */
export function segments(points: Point[], span?: Span): Sample[][] {
  const step = usualStep(points) ?? Infinity
  const all: Sample[][] = []
  let last: number | null = null
  for (const { t, v } of points) {
    if (span && (t < span.from || t > span.to)) continue
    if (v === null || !Number.isFinite(v)) {
      last = null
      continue
    }
    const current = all.at(-1)
    if (last !== null && current && t - last <= step * gapSteps) current.push({ t, v })
    else all.push([{ t, v }])
    last = t
  }
  return all
}

/** The value that was measured nearest to an instant, or null when none was within one step of it. */
export function valueAt(points: Point[], t: number): number | null {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.t ?? Infinity) < t) low = middle + 1
    else high = middle
  }
  const [before, after] = [points[low - 1], points[low]]
  const nearest = !before || (after && after.t - t < t - before.t) ? after : before
  if (!nearest || Math.abs(nearest.t - t) > (usualStep(points) ?? Infinity)) return null
  return nearest.v
}

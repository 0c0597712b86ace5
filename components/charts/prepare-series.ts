import type { Point, Series, Span } from './chart'
import { usualStep } from './prepare-line'

const sum = (points: Point[]) => points.reduce((total, { v }) => total + (v ?? 0), 0)

/** The largest `most` series, and the rest as one: "209 others". Nothing is dropped, so the stack keeps its height. */
export function topSeries(series: Series[], most: number): Series[] {
  if (series.length <= most) return series
  const ranked = [...series].sort((a, b) => sum(b.points) - sum(a.points))
  const rest = ranked.slice(most)
  const totals = new Map<number, number | null>()
  for (const { points } of rest)
    for (const { t, v } of points) {
      const total = totals.get(t) ?? null
      totals.set(t, v === null ? total : (total ?? 0) + v)
    }
  const points = [...totals].map(([t, v]) => ({ t, v })).sort((a, b) => a.t - b.t)
  return [...ranked.slice(0, most), { key: 'others', label: `${rest.length} others`, points }]
}

export type Row = { t: number } & Record<string, number | null>

/** One row per instant within the span. Where no series has a sample for longer than usual, a row of nulls cuts the lines. */
export function rows(series: Series[], span: Span): Row[] {
  const byTime = new Map<number, Row>()
  for (const { key, points } of series)
    for (const { t, v } of points) {
      if (t < span.from || t > span.to) continue
      const row = byTime.get(t) ?? { t }
      row[key] = v
      byTime.set(t, row)
    }
  const sorted = [...byTime.values()].sort((a, b) => a.t - b.t)
  const step = usualStep(sorted.map(({ t }) => ({ t, v: 0 }))) ?? Infinity
  return sorted.flatMap((row, i) => {
    const next = sorted[i + 1]
    return next && next.t - row.t > step * 2.5 ? [row, { t: row.t + step }] : [row]
  })
}

/** The heights that a stack reaches, for its axis; null where no series has a sample. */
export function stackTops(series: Series[], span: Span): Point[] {
  return rows(series, span).map((row) => {
    const values = series.flatMap(({ key }) => (typeof row[key] === 'number' ? [row[key]] : []))
    return { t: row.t, v: values.length ? values.reduce((total, v) => total + v, 0) : null }
  })
}

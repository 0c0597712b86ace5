import { valueText, type ValueKind } from '@/components/format/value'
import type { Series, Span } from './chart'
import { usualStep, valueAt } from './prepare-line'
import { rows, stackTops, topSeries, type Row } from './prepare-series'
import { valueAxis, type ValueAxis } from './prepare-value-axis'
import { seriesColour } from './series-colour'

export type ChartKind = 'line' | 'stack' | 'bars'
export type DrawnSeries = Series & { colour: string }

export interface PreparedSeries {
  /** All series of the legend, the hidden ones included, with the colour that each keeps. */
  legend: DrawnSeries[]
  drawn: DrawnSeries[]
  rows: Row[]
  /** Null when nothing was measured in the span. */
  axis: ValueAxis | null
  stepMs: number
}

/** Decides everything that the renderer draws: which series, their colours, the axis, the gaps. */
export function prepareTimeSeries(
  all: Series[],
  {
    kind,
    format,
    span,
    hidden,
    most,
  }: { kind: ChartKind; format: ValueKind; span: Span; hidden: Set<string>; most: number },
): PreparedSeries {
  const top = topSeries(all, most)
  const legend = top.map((series, i) => ({ ...series, colour: seriesColour(top, i) }))
  const drawn = legend.filter(({ key }) => !hidden.has(key))
  const within = drawn.map(({ points }) => points.filter(({ t }) => t >= span.from && t <= span.to))
  const axis = valueAxis(kind === 'line' ? within : [stackTops(drawn, span)], format, kind !== 'line')
  const stepMs = usualStep(legend[0]?.points ?? []) ?? span.to - span.from
  // A bar stands for a bucket that begins at its instant: its middle is half a bucket later.
  const shift = kind === 'bars' ? stepMs / 2 : 0
  return { legend, drawn, rows: rows(drawn, span).map((row) => ({ ...row, t: row.t + shift })), axis, stepMs }
}

/** What all series are at an instant, and their sum where they are stacked. */
export function readSeries({ drawn, stepMs }: PreparedSeries, kind: ChartKind, format: ValueKind, t: number) {
  const at = kind === 'bars' ? t - stepMs / 2 : t
  const values = drawn.map(({ points }) => valueAt(points, at))
  const readings = drawn.map(({ key, label, colour }, i) => {
    const value = values[i] ?? null
    return { key, label, colour, text: value === null ? 'no sample' : valueText(format, value) }
  })
  const known = values.flatMap((value) => (value === null ? [] : [value]))
  if (kind === 'line' || drawn.length < 2 || known.length === 0) return readings
  const total = known.reduce((sum, value) => sum + value, 0)
  return [...readings, { key: '=', label: 'together', colour: 'transparent', text: valueText(format, total) }]
}

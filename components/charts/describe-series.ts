import { clockTime } from '@/components/format/instant'
import { valueText, type ValueKind } from '@/components/format/value'
import type { Point, Span } from './chart'
import { segments } from './prepare-line'

/** What the picture shows, in a sentence, for those who do not see it. */
export function describeSeries(label: string, points: Point[], kind: ValueKind, span: Span, timezone: string): string {
  const parts = segments(points, span)
  const samples = parts.flat()
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return `${label}: no samples in this range`
  const values = samples.map(({ v }) => v)
  const said = (v: number) => valueText(kind, v)
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  const gaps = parts.length - 1
  return [
    `${label}: ${said(first.v)} at ${clockTime(first.t, timezone)}, ${said(last.v)} at ${clockTime(last.t, timezone)}`,
    `between ${said(low)} and ${said(high)}`,
    ...(gaps ? [`${gaps} ${gaps === 1 ? 'gap' : 'gaps'} without samples`] : []),
  ].join('; ')
}

import { dayTime } from '@/components/format/instant'
import { valueText, type ValueKind } from '@/components/format/value'
import type { Point, Span } from './chart'

const most = 200

export interface Column {
  key: string
  label: string
  points: Point[]
  format: ValueKind
}

/** The same values as text, newest first: for reading exactly, and for those who do not see the picture. */
export function ValuesTable({
  columns,
  span,
  timezone,
  caption,
}: {
  columns: Column[]
  span: Span
  timezone: string
  caption: string
}) {
  const byKey = new Map(columns.map(({ key, points }) => [key, new Map(points.map(({ t, v }) => [t, v]))]))
  const times = [...new Set(columns.flatMap(({ points }) => points.map(({ t }) => t)))]
    .filter((t) => t >= span.from && t <= span.to)
    .sort((a, b) => b - a)
  return (
    <div role="group" aria-label={caption} tabIndex={0} className="max-h-80 overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 bg-panel text-faint">
          <tr>
            <th scope="col" className="px-3.5 py-1 text-left font-normal">
              Time
            </th>
            {columns.map(({ key, label }) => (
              <th key={key} scope="col" className="px-3.5 py-1 text-right font-normal whitespace-nowrap">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.slice(0, most).map((t) => (
            <tr key={t} className="border-t border-line">
              <th scope="row" className="px-3.5 py-0.5 text-left font-normal whitespace-nowrap text-muted tabular-nums">
                {dayTime(t, timezone, span.to)}
              </th>
              {columns.map(({ key, format }) => (
                <td key={key} className="px-3.5 py-0.5 text-right whitespace-nowrap tabular-nums">
                  {valueText(format, byKey.get(key)?.get(t) ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {times.length > most && (
        <p className="px-3.5 py-1.5 text-sm text-faint">
          {most} of {times.length} instants, the newest
        </p>
      )}
    </div>
  )
}

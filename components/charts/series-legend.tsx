'use client'

import { cn } from '@/components/ui/cn'
import type { ChartKind, DrawnSeries } from './prepare-time-series'

/** Names the series; a press hides or shows one. */
export function SeriesLegend({
  series,
  kind,
  hidden,
  onToggle,
}: {
  series: DrawnSeries[]
  kind: ChartKind
  hidden: Set<string>
  onToggle: (key: string) => void
}) {
  return (
    <ul aria-label="Series" className="flex flex-wrap gap-x-4">
      {series.map(({ key, label, colour, dashed }) => (
        <li key={key}>
          <button
            type="button"
            aria-pressed={!hidden.has(key)}
            onClick={() => onToggle(key)}
            className={cn(
              'flex items-center gap-1.5 rounded-sm py-0.5 text-sm text-muted hover:text-text',
              hidden.has(key) && 'line-through',
            )}
          >
            <span
              aria-hidden
              className={cn(
                kind === 'line' ? 'h-0 w-3.5 border-t-2' : 'size-2 rounded-xs',
                hidden.has(key) && 'opacity-30',
                dashed && 'border-dashed',
              )}
              style={kind === 'line' ? { borderColor: colour } : { background: colour }}
            />
            {label}
          </button>
        </li>
      ))}
    </ul>
  )
}

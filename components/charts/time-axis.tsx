import type { Span } from './chart'
import { timeTicks } from './prepare-time-axis'

const tickWidth = 84
const labelWidth = 36

/** The clock under the charts. `live` ends it with "now". */
export function TimeAxis({
  span,
  timezone,
  width,
  live,
}: {
  span: Span
  timezone: string
  width: number
  live?: boolean
}) {
  const room = labelWidth / width
  const ticks = timeTicks(span, timezone, Math.max(2, Math.floor(width / tickWidth))).filter(
    ({ at }) => at <= 1 - (live ? room * 1.5 : 0),
  )
  return (
    <div aria-hidden className="relative h-4 text-xs text-faint tabular-nums">
      {ticks.map(({ t, label, at }) => (
        <span
          key={t}
          className="absolute whitespace-nowrap"
          style={{
            left: `${at * 100}%`,
            transform: `translateX(${at < room / 2 ? 0 : at > 1 - room / 2 ? -100 : -50}%)`,
          }}
        >
          {label}
        </span>
      ))}
      {live && <span className="absolute right-0">now</span>}
    </div>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { clockSeconds, clockTime, dayMonth } from '@/components/format/instant'
import { cn } from '@/components/ui/cn'
import { floatLook } from '@/components/ui/tooltip'
import type { Memory } from '@/components/ui/memory'
import { share, type Marker, type Span } from './chart'
import { useCrosshair } from './crosshair'
import { useTimePointer } from './use-time-pointer'

export interface Reading {
  key: string
  label: string
  text: string
  memory?: Memory
  colour?: string
}

const nearPx = 6
const hour = 3_600_000

/** Crosshair, read-out and zoom over one or many charts that share a clock. */
export function ClockOverlay({
  span,
  timezone,
  clock,
  label,
  markers,
  read,
  onZoom,
  onMarker,
}: {
  span: Span
  timezone: string
  clock: string
  label: string
  markers: Marker[]
  read: (t: number) => Reading[]
  onZoom?: (from: number, to: number) => void
  onMarker?: (marker: Marker) => void
}) {
  const router = useRouter()
  const [instant, setInstant] = useCrosshair(clock)
  const near = (t: number, ms: number) =>
    markers.filter((marker) => Math.abs(marker.t - t) <= ms).sort((a, b) => Math.abs(a.t - t) - Math.abs(b.t - t))[0]
  const { handlers, reading, selection } = useTimePointer({
    span,
    instant,
    setInstant,
    onZoom,
    onPress: (t, msPerPx) => {
      const marker = near(t, nearPx * msPerPx)
      if (!marker) return
      if (onMarker) onMarker(marker)
      else if (marker.href) router.push(marker.href)
    },
  })
  const shown = instant !== null && instant >= span.from && instant <= span.to ? instant : null
  const clockText = (t: number) =>
    span.to - span.from <= 2 * hour ? clockSeconds(t, timezone) : clockTime(t, timezone)
  const readings = reading && shown !== null ? read(shown) : []
  const marker = shown === null ? undefined : near(shown, (span.to - span.from) / 120)
  const at = shown === null ? 0 : share(span, shown)
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${label}: instant to read`}
      aria-valuemin={span.from}
      aria-valuemax={span.to}
      aria-valuenow={shown ?? span.to}
      aria-valuetext={
        shown === null
          ? 'arrow keys move through time'
          : [clockText(shown), ...readings.map(({ label: name, text }) => `${name} ${text}`)].join(', ')
      }
      {...handlers}
      className={cn(
        'absolute inset-0 touch-pan-y rounded-sm select-none',
        marker && (onMarker || marker.href) ? 'cursor-pointer' : onZoom && 'cursor-crosshair',
      )}
    >
      {selection && (
        <div
          className="absolute inset-y-0 border-x border-muted bg-text/8"
          style={{
            left: `${share(span, Math.min(selection.from, selection.to)) * 100}%`,
            width: `${(Math.abs(selection.to - selection.from) / (span.to - span.from)) * 100}%`,
          }}
        />
      )}
      {shown !== null && <div className="absolute inset-y-0 w-px bg-muted" style={{ left: `${at * 100}%` }} />}
      {shown !== null && reading && (
        <div
          className={cn(
            floatLook,
            'pointer-events-none absolute top-1 z-10 grid min-w-40 gap-0.5 px-2.5 py-1.5 text-sm whitespace-nowrap',
          )}
          style={at > 0.6 ? { right: `calc(${(1 - at) * 100}% + 10px)` } : { left: `calc(${at * 100}% + 10px)` }}
        >
          <p className="text-faint">
            {dayMonth(shown, timezone)} <span className="font-medium text-text">{clockText(shown)}</span>
          </p>
          {marker && <p className={marker.severity === 'bad' ? 'text-bad' : 'text-muted'}>{marker.label}</p>}
          {readings.map(({ key, label: name, text, memory, colour }) => (
            <p key={key} data-memory={memory} className="flex items-center gap-2">
              <span className="h-0.5 w-2 rounded-full bg-memory" style={{ background: colour }} />
              <span className="text-muted">{name}</span>
              <span className="ml-auto pl-3 font-medium">{text}</span>
            </p>
          ))}
        </div>
      )}
    </div>
  )
}

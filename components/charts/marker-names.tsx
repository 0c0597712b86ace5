'use client'

import { Link } from '@/components/ui/link'
import { clockTime } from '@/components/format/instant'
import { cn } from '@/components/ui/cn'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { Marker, Span } from './chart'
import { markerLabels } from './prepare-markers'

const colour = ({ severity }: Marker) =>
  severity === 'bad' ? 'text-bad' : severity === 'warn' ? 'text-warn-ink' : 'text-muted'

const nameLook = 'truncate rounded-sm text-center text-xs hover:underline'

/** The names on top of the marker lines; several that would touch share one, which opens their list. */
export function MarkerNames({
  markers,
  span,
  width,
  timezone,
  onMarker,
}: {
  markers: Marker[]
  span: Span
  width: number
  timezone: string
  onMarker?: (marker: Marker) => void
}) {
  return (
    <ul aria-label="Activations" className="relative h-5">
      {markerLabels(markers, span, width).map(({ lead, markers: joined, text, left, width: wide }) => (
        <li key={`${lead.t}-${text}`} className="absolute top-0 flex justify-center" style={{ left, width: wide }}>
          {joined.length === 1 ? (
            <MarkerName marker={lead} onMarker={onMarker} className={cn(nameLook, colour(lead))} />
          ) : (
            <Popover>
              <PopoverTrigger className={cn(nameLook, colour(lead))}>{text}</PopoverTrigger>
              <PopoverContent label="Activations close together" align="center" className="p-1.5">
                <ul>
                  {joined.map((marker) => (
                    <li key={`${marker.t}-${marker.label}`} className="flex gap-3 px-1.5 py-0.5">
                      <span className="text-muted">{clockTime(marker.t, timezone)}</span>
                      <MarkerName
                        marker={marker}
                        onMarker={onMarker}
                        className={cn('hover:underline', marker.severity && colour(marker))}
                      />
                    </li>
                  ))}
                </ul>
              </PopoverContent>
            </Popover>
          )}
        </li>
      ))}
    </ul>
  )
}

function MarkerName({
  marker,
  onMarker,
  className,
}: {
  marker: Marker
  onMarker?: (marker: Marker) => void
  className: string
}) {
  if (onMarker)
    return (
      <button type="button" title={marker.label} className={className} onClick={() => onMarker(marker)}>
        {marker.label}
      </button>
    )
  if (marker.href)
    return (
      <Link href={marker.href} title={marker.label} className={className}>
        {marker.label}
      </Link>
    )
  return (
    <span title={marker.label} className={cn(className, 'hover:no-underline')}>
      {marker.label}
    </span>
  )
}

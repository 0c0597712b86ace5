'use client'

import { useState } from 'react'
import { valueText } from '@/components/format/value'
import { Button } from '@/components/ui/button'
import type { Gap, Lane, Marker } from './chart'
import { GapAreas, MarkerLines } from './chart-marks'
import { ClockOverlay } from './clock-overlay'
import { LaneRow } from './lane-row'
import { MarkerNames } from './marker-names'
import { valueAt } from './prepare-line'
import { TimeAxis } from './time-axis'
import { useWidth } from './use-width'
import { ValuesTable } from './values-table'

export interface LanesProps {
  /** Epoch milliseconds. */
  from: number
  to: number
  timezone: string
  lanes: Lane[]
  markers: Marker[]
  gaps?: Gap[]
  /** The range ends now: the clock says so. */
  live?: boolean
  /** Charts that name the same clock share the crosshair. */
  clock?: string
  onZoom?: (from: number, to: number) => void
  /** Without it a marker leads to its `href`. */
  onMarker?: (marker: Marker) => void
}

/** What happened, on one clock: both memories' series one above the other, activations through all of them. */
export function Lanes({
  from,
  to,
  timezone,
  lanes,
  markers,
  gaps = [],
  live,
  clock = 'page',
  onZoom,
  onMarker,
}: LanesProps) {
  const span = { from, to }
  const [asTable, setAsTable] = useState(false)
  const [measure, width] = useWidth(880)
  const read = (t: number) =>
    lanes.map(({ key, label, memory, format, points }) => {
      const value = valueAt(points, t)
      return { key, label, memory, text: value === null ? 'no sample' : valueText(format, value) }
    })
  const toggle = (
    <Button variant="ghost" className="-ml-2.5 text-sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
      {asTable ? 'Show as chart' : 'Show as table'}
    </Button>
  )
  if (asTable)
    return (
      <div className="grid">
        <ValuesTable columns={lanes} span={span} timezone={timezone} caption="What happened, on one clock" />
        <div className="border-t border-line px-3.5 py-1">{toggle}</div>
      </div>
    )
  const memories = [...new Set(lanes.map(({ memory }) => memory))]
  const plot = 'ml-(--lane-label) mr-(--lane-now)'
  return (
    <div className="@container px-3.5 pb-2">
      <div className="[--lane-label:0px] [--lane-now:0px] @2xl:[--lane-label:132px] @2xl:[--lane-now:86px]">
        <div className={plot}>
          <div ref={measure}>
            <MarkerNames {...{ markers, span, width, timezone, onMarker }} />
          </div>
        </div>
        <div className="relative">
          <div className="pointer-events-none absolute inset-y-0 right-(--lane-now) left-(--lane-label)">
            <MarkerLines markers={markers} span={span} />
          </div>
          {memories.map((memory) => (
            <div key={memory} className="relative">
              {lanes
                .filter((lane) => lane.memory === memory)
                .map((lane) => (
                  <LaneRow key={lane.key} lane={lane} span={span} timezone={timezone} />
                ))}
              <div className="pointer-events-none absolute inset-y-0 right-(--lane-now) left-(--lane-label)">
                <GapAreas gaps={gaps.filter((gap) => (gap.memory ?? memory) === memory)} span={span} />
              </div>
            </div>
          ))}
          <div className="absolute inset-y-0 right-(--lane-now) left-(--lane-label)">
            <ClockOverlay {...{ span, timezone, clock, markers, read, onZoom, onMarker }} label="What happened" />
          </div>
        </div>
        <div className="relative pt-1">
          <div className={plot}>
            <TimeAxis span={span} timezone={timezone} width={width} live={live} />
          </div>
          <div className="@2xl:absolute @2xl:-top-0.5 @2xl:left-0">{toggle}</div>
        </div>
      </div>
    </div>
  )
}

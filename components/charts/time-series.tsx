'use client'

import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import type { ValueKind } from '@/components/format/value'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import type { Gap, Marker, Series } from './chart'
import { GapAreas, MarkerLines } from './chart-marks'
import { ClockOverlay } from './clock-overlay'
import { describeSeries } from './describe-series'
import { MarkerNames } from './marker-names'
import { prepareTimeSeries, readSeries, type ChartKind } from './prepare-time-series'
import { SeriesLegend } from './series-legend'
import { TimeAxis } from './time-axis'
import { useWidth } from './use-width'
import { ValueAxisLabels, ValueAxisLines } from './value-axis-marks'
import { ValuesTable } from './values-table'

const Plot = dynamic(() => import('./time-series-plot'), {
  ssr: false,
  loading: () => <Skeleton className="absolute inset-0 rounded-sm" />,
})

export interface TimeSeriesProps {
  /** Names the chart for everybody: "Hit rate". */
  label: string
  from: number
  to: number
  timezone: string
  series: Series[]
  kind: ChartKind
  format: ValueKind
  /** More series than this are summed into "N others". Only sums make sense so: lines show them all. */
  most?: number
  markers?: Marker[]
  gaps?: Gap[]
  live?: boolean
  clock?: string
  height?: number
  onZoom?: (from: number, to: number) => void
  onMarker?: (marker: Marker) => void
}

/** One larger chart of several series, on the page's clock. */
export function TimeSeries(props: TimeSeriesProps) {
  const { label, from, to, timezone, series, kind, format, markers = [], gaps = [], live, height = 168 } = props
  const { clock = 'page', onZoom, onMarker } = props
  const most = kind === 'line' ? Infinity : (props.most ?? 5)
  const span = useMemo(() => ({ from, to }), [from, to])
  const [hidden, setHidden] = useState<Set<string>>(new Set())
  const [asTable, setAsTable] = useState(false)
  const [measure, width] = useWidth(880)
  const prepared = useMemo(
    () => prepareTimeSeries(series, { kind, format, span, hidden, most }),
    [series, kind, format, span, hidden, most],
  )
  const { legend, drawn, rows, axis, stepMs } = prepared
  const toggle = (key: string) =>
    setHidden(new Set(hidden.has(key) ? [...hidden].filter((k) => k !== key) : [...hidden, key]))
  const summary = drawn.map((one) => describeSeries(one.label, one.points, format, span, timezone)).join('. ')
  return (
    <div className="px-3.5 pb-2">
      {asTable ? (
        <ValuesTable
          columns={legend.map((one) => ({ ...one, format }))}
          span={span}
          timezone={timezone}
          caption={label}
        />
      ) : (
        <div className="grid grid-cols-[52px_1fr]">
          <div className="col-start-2" ref={measure}>
            {markers.length > 0 && <MarkerNames {...{ markers, span, width, timezone, onMarker }} />}
          </div>
          <div className="relative col-start-1 mt-1.5">{axis && <ValueAxisLabels axis={axis} kind={format} />}</div>
          <div className="relative col-start-2 mt-1.5 min-w-0" style={{ height }}>
            {axis && <ValueAxisLines axis={axis} />}
            <div role="img" aria-label={`${label}. ${summary}`} className="absolute inset-0 overflow-hidden">
              {axis && (
                <Plot {...{ kind, series: drawn, rows, span, width, height, stepMs }} min={axis.min} max={axis.max} />
              )}
            </div>
            <GapAreas gaps={gaps} span={span} />
            {!axis && gaps.length === 0 && (
              <p className="absolute inset-0 grid place-items-center text-faint">no samples in this range</p>
            )}
            <MarkerLines markers={markers} span={span} />
            <ClockOverlay
              {...{ span, timezone, clock, label, markers, onZoom, onMarker }}
              read={(t) => readSeries(prepared, kind, format, t)}
            />
          </div>
          <div className="col-start-2 pt-1">
            <TimeAxis span={span} timezone={timezone} width={width} live={live} />
          </div>
        </div>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4 pt-1 pl-13">
        <SeriesLegend series={legend} kind={kind} hidden={hidden} onToggle={toggle} />
        <Button
          variant="ghost"
          className="-mr-2.5 ml-auto text-sm"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Show as chart' : 'Show as table'}
        </Button>
      </div>
    </div>
  )
}

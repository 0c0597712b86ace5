import { valueText } from '@/components/format/value'
import type { Lane, Span } from './chart'
import { describeSeries } from './describe-series'
import { LineShape, lineViewBox } from './line-shape'
import { valueAxis } from './prepare-value-axis'

const height = 58
const inset = 6

/** Label and unit, the line, and what it is now: side by side, or stacked where there is no room. */
export function LaneRow({ lane, span, timezone }: { lane: Lane; span: Span; timezone: string }) {
  const { label, unit, memory, kind, points, now, was, format } = lane
  const axis = valueAxis([points], format, kind === 'area')
  return (
    <div
      data-memory={memory}
      className="relative grid grid-cols-[1fr_auto] items-center border-t border-line pt-1 @2xl:grid-cols-[var(--lane-label)_1fr_var(--lane-now)] @2xl:pt-0"
    >
      <div className="relative z-1 flex gap-x-2 justify-self-start bg-panel pr-1 text-sm @2xl:block">
        <b className="block font-[540]">{label}</b>
        <span className="text-faint">{unit}</span>
      </div>
      <svg
        role="img"
        aria-label={describeSeries(label, points, format, span, timezone)}
        viewBox={lineViewBox(height)}
        preserveAspectRatio="none"
        className="order-last col-span-2 block w-full @2xl:order-none @2xl:col-span-1"
        style={{ height }}
      >
        <line
          x1="0"
          x2="100%"
          y1={height - inset}
          y2={height - inset}
          className="stroke-line"
          vectorEffect="non-scaling-stroke"
        />
        {axis && (
          <LineShape
            points={points}
            span={span}
            min={axis.min}
            max={axis.max}
            height={height}
            inset={inset}
            filled={kind === 'area'}
          />
        )}
      </svg>
      <div className="relative z-1 flex items-baseline justify-end gap-2 bg-panel pl-1 text-right text-sm tabular-nums @2xl:block @2xl:pl-2">
        <b className="block text-base leading-4 font-semibold whitespace-nowrap">{valueText(format, now)}</b>
        {was !== undefined && was !== null && (
          <span className="text-xs whitespace-nowrap text-faint">was {valueText(format, was)}</span>
        )}
      </div>
    </div>
  )
}

'use client'

import { Area, Bar, ComposedChart, Line, XAxis, YAxis, type DotItemDotProps } from 'recharts'
import type { Series, Span } from './chart'
import type { Row } from './prepare-series'

export interface PlotProps {
  kind: 'line' | 'stack' | 'bars'
  series: (Series & { colour: string })[]
  rows: Row[]
  span: Span
  min: number
  max: number
  width: number
  height: number
  /** How long one bar's bucket is, in milliseconds. */
  stepMs: number
}

/** Draws what was prepared and decides nothing. The only use of recharts, loaded when a page shows it. */
export default function TimeSeriesPlot({ kind, series, rows, span, min, max, width, height, stepMs }: PlotProps) {
  const barSize = Math.max(1, (stepMs / (span.to - span.from)) * width - 1)
  const common = { isAnimationActive: false, connectNulls: false, legendType: 'none' } as const
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rows}
      margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      barGap={0}
      style={{ pointerEvents: 'none' }}
    >
      <XAxis dataKey="t" type="number" domain={[span.from, span.to]} allowDataOverflow hide />
      <YAxis domain={[min, max]} allowDataOverflow hide />
      {series.map(({ key, colour, dashed }) => {
        switch (kind) {
          case 'line':
            return (
              <Line
                key={key}
                {...common}
                dataKey={key}
                type="linear"
                stroke={colour}
                strokeWidth={1.6}
                strokeDasharray={dashed ? '4 3' : undefined}
                dot={({ cx, cy, index }: DotItemDotProps) => (
                  <Lonely key={index} {...{ cx, cy, index, rows, colour }} series={key} />
                )}
                activeDot={false}
              />
            )
          case 'stack':
            return (
              <Area
                key={key}
                {...common}
                dataKey={key}
                stackId="all"
                type="linear"
                stroke={colour}
                strokeWidth={1}
                fill={colour}
                fillOpacity={0.75}
                activeDot={false}
              />
            )
          case 'bars':
            return (
              <Bar key={key} isAnimationActive={false} dataKey={key} stackId="all" fill={colour} barSize={barSize} />
            )
        }
      })}
    </ComposedChart>
  )
}

/** A sample between two gaps has no line to be part of: it is shown as a dot, every other one is not. */
function Lonely({
  cx,
  cy,
  index = 0,
  rows,
  series,
  colour,
}: {
  cx?: number
  cy?: number
  index?: number
  rows: Row[]
  series: string
  colour: string
}) {
  const known = (i: number) => typeof rows[i]?.[series] === 'number'
  if (!known(index) || known(index - 1) || known(index + 1)) return <g />
  return <circle cx={cx} cy={cy} r={2} fill={colour} />
}

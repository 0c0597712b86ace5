import type { ValueKind } from '@/components/format/value'
import type { Memory } from '@/components/ui/memory'
import type { Point } from './chart'
import { LineShape, lineViewBox } from './line-shape'
import { valueAxis } from './prepare-value-axis'

/** The shape of a series at a glance, as wide as its place. The figure beside it says the value, so it is decoration to a reader. */
export function Sparkline({
  points,
  memory,
  format,
  height = 24,
}: {
  points: Point[]
  memory: Memory
  format: ValueKind
  height?: number
}) {
  const axis = valueAxis([points], format, false)
  const [first, last] = [points[0], points.at(-1)]
  return (
    <svg
      data-memory={memory}
      aria-hidden="true"
      viewBox={lineViewBox(height)}
      preserveAspectRatio="none"
      className="block w-full overflow-visible"
      style={{ height }}
    >
      {axis && first && last && last.t > first.t && (
        <LineShape
          points={points}
          span={{ from: first.t, to: last.t }}
          min={axis.min}
          max={axis.max}
          height={height}
          strokeWidth={1.5}
        />
      )}
    </svg>
  )
}

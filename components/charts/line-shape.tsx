import type { Point, Span } from './chart'
import { share } from './chart'
import { segments } from './prepare-line'

const unitWidth = 1000

/** A line (and the area under it) in a box `unitWidth` wide that CSS stretches; a lonely sample is a dot. */
export function LineShape({
  points,
  span,
  min,
  max,
  height,
  inset = 3,
  filled = false,
  strokeWidth = 1.6,
}: {
  points: Point[]
  span: Span
  min: number
  max: number
  height: number
  /** Pixels kept free above and below, so that the stroke is not cut. */
  inset?: number
  filled?: boolean
  strokeWidth?: number
}) {
  const x = (t: number) => (share(span, t) * unitWidth).toFixed(1)
  const y = (v: number) => (height - inset - ((v - min) / (max - min || 1)) * (height - 2 * inset)).toFixed(1)
  const parts = segments(points, span)
  const floor = (height - inset).toFixed(1)
  const outline = (part: { t: number; v: number }[]) =>
    part.map(({ t, v }, i) => `${i ? 'L' : 'M'}${x(t)} ${y(v)}`).join('') + (part.length === 1 ? 'h0' : '')
  const area = (part: { t: number; v: number }[]) =>
    `${outline(part)}L${x(part.at(-1)?.t ?? span.to)} ${floor}L${x(part[0]?.t ?? span.from)} ${floor}Z`
  return (
    <>
      {filled && (
        <path
          d={parts
            .filter((part) => part.length > 1)
            .map(area)
            .join('')}
          fill="var(--memory)"
          opacity={0.12}
        />
      )}
      <path
        d={parts.map(outline).join('')}
        fill="none"
        stroke="var(--memory)"
        strokeWidth={strokeWidth}
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={parts
          .filter((part) => part.length === 1)
          .map(outline)
          .join('')}
        stroke="var(--memory)"
        strokeWidth={strokeWidth * 2}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </>
  )
}

export const lineViewBox = (height: number) => `0 0 ${unitWidth} ${height}`

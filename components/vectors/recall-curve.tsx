import { durationText } from '@/components/format/duration'
import { prepareRecallCurve, type CurvePoint } from './prepare-recall-curve'
import { recallText } from './vector-words'

const [WIDTH, HEIGHT, INSET] = [320, 120, 6]
const px = (x: number) => (INSET + x * (WIDTH - 2 * INSET)).toFixed(1)
const py = (y: number) => (HEIGHT - INSET - y * (HEIGHT - 2 * INSET)).toFixed(1)
const path = (line: { x: number; y: number }[]) =>
  line.map(({ x, y }, n) => `${n ? 'L' : 'M'}${px(x)} ${py(y)}`).join('')

/** Recall (whole) and p95 (dashed) over ef_search or probes; the green line is the cheapest that reaches the target. */
export function RecallCurve({
  points,
  setting,
  target,
  cheapest,
}: {
  points: CurvePoint[]
  setting: 'ef_search' | 'probes'
  target: number
  cheapest: number | null
}) {
  const drawn = prepareRecallCurve(points, target, cheapest)
  if (!drawn) return null
  const spoken = points.map(
    ({ width, recall, msP95 }) =>
      `${setting === 'probes' ? 'probes' : 'ef'} ${width}: recall ${recallText(recall)}, p95 ${durationText(msP95)}`,
  )
  return (
    <figure data-memory="postgres" className="px-3.5 pt-1">
      <svg
        role="img"
        aria-label={`Recall by ${setting}. ${spoken.join('. ')}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="block w-full"
      >
        <line
          x1={0}
          x2={WIDTH}
          y1={py(drawn.target)}
          y2={py(drawn.target)}
          className="stroke-line-strong"
          strokeDasharray="2 3"
        />
        {drawn.mark !== null && (
          <line x1={px(drawn.mark)} x2={px(drawn.mark)} y1={0} y2={HEIGHT} className="stroke-ok" strokeWidth={1.5} />
        )}
        <path d={path(drawn.latency)} fill="none" className="stroke-faint" strokeDasharray="4 3" strokeWidth={1.4} />
        <path d={path(drawn.recall)} fill="none" className="stroke-memory" strokeWidth={1.8} />
        {drawn.recall.map(({ x, y }) => (
          <circle key={x} cx={px(x)} cy={py(y)} r={2.4} className="fill-memory" />
        ))}
      </svg>
      <div aria-hidden className="relative mx-1.5 h-4.5 text-xs text-faint">
        {drawn.ticks.map(({ x, label }) => (
          <span key={label} className="absolute -translate-x-1/2" style={{ left: `${x * 100}%` }}>
            {label}
          </span>
        ))}
      </div>
      <figcaption className="flex flex-wrap justify-between gap-x-3 text-xs text-muted">
        <span>
          recall {drawn.floor.toFixed(1)} to 1 over {setting}
        </span>
        <span>dashed: p95 to {durationText(drawn.slowestMs)}</span>
      </figcaption>
    </figure>
  )
}

import { cn } from '@/components/ui/cn'
import { share, type Gap, type Marker, type Span } from './chart'

/** Hatched stretches whose lack of samples has a known reason (R12); drawn last, so that no line crosses the reason. */
export function GapAreas({ gaps, span }: { gaps: Gap[]; span: Span }) {
  return gaps.flatMap((gap) => {
    const [left, right] = [Math.max(0, share(span, gap.from)), Math.min(1, share(span, gap.to))]
    if (right <= left) return []
    return [
      <div
        key={`${gap.from}-${gap.reason}`}
        className="@container/gap hatched absolute inset-y-0 grid place-items-center overflow-hidden"
        style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
        title={gap.reason}
      >
        <span className="hidden rounded-sm bg-panel px-1.5 text-center text-xs text-faint @min-[88px]/gap:block">
          {gap.reason}
        </span>
        <span className="sr-only @min-[88px]/gap:hidden">{gap.reason}</span>
      </div>,
    ]
  })
}

/** The thin vertical lines of activations, through every lane. */
export function MarkerLines({ markers, span }: { markers: Marker[]; span: Span }) {
  return markers
    .filter((marker) => marker.t >= span.from && marker.t <= span.to)
    .map((marker) => (
      <div
        key={`${marker.t}-${marker.label}`}
        aria-hidden
        className={cn(
          'pointer-events-none absolute inset-y-0 w-px border-l',
          marker.severity === 'bad' && 'border-bad',
          marker.severity === 'warn' && 'border-warn',
          !marker.severity && 'border-dashed border-faint',
        )}
        style={{ left: `${share(span, marker.t) * 100}%` }}
      />
    ))
}

import { cn } from '@/components/ui/cn'

export interface StripBar {
  key: number | string
  /** Of the full height, 0 to 1; null is known to be missing and drawn as a gap (R12). */
  share: number | null
  /** Broke what is promised. */
  late: boolean
  /** What a pointer that rests on it is told. */
  label: string
}

/** Events in their order, one bar each, the newest on the right: for what has a rank rather than a time. */
export function BarStrip({
  bars,
  label,
  current,
  places,
  height = 32,
}: {
  bars: StripBar[]
  /** The whole in words, for those who do not see it. */
  label: string
  /** The key of the bar that the page is about. */
  current?: number | string | null
  /** How many bars there is room for: a few do not grow fat. */
  places: number
  height?: number
}) {
  return (
    <div
      role="img"
      aria-label={label}
      className="grid items-end justify-end gap-px border-b border-line"
      style={{ height, gridTemplateColumns: `repeat(${places}, minmax(0, 1fr))`, direction: 'rtl' }}
    >
      {[...bars].reverse().map(({ key, share, late, label }) => (
        <span key={key} title={label} className="flex h-full items-end">
          <span
            className={cn(
              'w-full rounded-t-xs',
              share === null ? 'h-full border-x border-dashed border-line' : late ? 'bg-warn' : 'bg-ok',
              share !== null && key !== current && 'opacity-55',
            )}
            style={share === null ? undefined : { height: `${Math.max(2, share * height)}px` }}
          />
        </span>
      ))}
    </div>
  )
}

import { count } from '@/components/format/count'

/** Members by score: bars of stretches of the same length between two scores. */
export function ScoreBars({
  low,
  high,
  counts,
  textOf,
}: {
  low: number
  high: number
  counts: number[]
  textOf: (score: number) => string
}) {
  const most = Math.max(1, ...counts)
  const edge = (at: number) => low * (1 - at / counts.length) + high * (at / counts.length)
  const told = counts.map((members, bin) => `${textOf(edge(bin))} to ${textOf(edge(bin + 1))}: ${count(members)}`)
  return (
    <div className="px-3.5 pb-3" data-memory="redis">
      <div role="img" aria-label={`Members by score. ${told.join('; ')}`} className="flex h-20 items-end gap-0.5">
        {counts.map((members, bin) => (
          <div
            key={bin}
            title={told[bin]}
            className="min-w-0 flex-1 rounded-t-xs bg-memory"
            style={{
              height: members === 0 ? 1 : `${Math.max(4, (members / most) * 100)}%`,
              opacity: members === 0 ? 0.3 : 1,
            }}
          />
        ))}
      </div>
      <p className="mt-1 flex justify-between gap-2 text-sm text-muted tabular-nums">
        <span>{textOf(low)}</span>
        <span>most in one stretch: {count(most)}</span>
        <span>{textOf(high)}</span>
      </p>
    </div>
  )
}

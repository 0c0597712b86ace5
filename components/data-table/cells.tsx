import type { ReactNode } from 'react'
import { bytesText } from '@/components/format/bytes'
import { count, countText } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { dash, figureText } from '@/components/format/figure'
import { dayTime, fullStamp, type Instant } from '@/components/format/instant'
import { money, moneyExact } from '@/components/format/money'
import { percent } from '@/components/format/percent'
import { Bar } from '@/components/ui/bar'
import { cn } from '@/components/ui/cn'
import type { Memory } from '@/components/ui/memory'

/** A value that is not there, with its reason on hover and for screen readers (R12). */
export function MissingCell({ why }: { why: string }) {
  return (
    <span className="text-muted" title={why}>
      {dash}
      <span className="sr-only"> {why}</span>
    </span>
  )
}

export function TextCell({ children, muted }: { children: ReactNode; muted?: boolean }) {
  return <span className={cn('block max-w-96 truncate', muted && 'text-muted')}>{children}</span>
}

/** Names that are typed elsewhere exactly so: keys, prompts, models. */
export function MonoCell({ children }: { children: ReactNode }) {
  return <span className="inline-block max-w-80 truncate align-bottom font-mono text-sm leading-5">{children}</span>
}

export function MoneyCell({ usd }: { usd: string | null }) {
  return (
    <span title={moneyExact(usd)} className={cn(usd === null && 'text-muted', usd?.startsWith('-') && 'text-bad')}>
      {money(usd)}
    </span>
  )
}

/** `compact` shortens from ten thousand on; every digit stays on hover. */
export function CountCell({ value, compact }: { value: number; compact?: boolean }) {
  return <span title={count(value)}>{compact ? countText(value) : count(value)}</span>
}

export function PercentCell({ ratio, bad, missing }: { ratio: number | null; bad?: boolean; missing?: string }) {
  const figure = percent(ratio, missing)
  if (figure.missing) return <MissingCell why={figure.missing} />
  return <span className={cn(bad && 'text-bad')}>{figureText(figure)}</span>
}

export function BytesCell({ value }: { value: number }) {
  return <span title={`${count(value)} bytes`}>{bytesText(value)}</span>
}

export function DurationCell({ ms, missing = 'not measured' }: { ms: number | null; missing?: string }) {
  return ms === null ? <MissingCell why={missing} /> : <>{durationText(ms)}</>
}

/** A share of the largest or of the whole, drawn; the figure stands in its own column. */
export function BarCell({ share, memory }: { share: number; memory?: Memory }) {
  return (
    <div className="min-w-20">
      <Bar share={share} memory={memory} />
    </div>
  )
}

/** `now` decides whether the day is named: pass the page's own, so that server and browser agree. */
export function TimeCell({ at, timezone, now }: { at: string; timezone: string; now: Instant }) {
  return (
    <time dateTime={at} title={fullStamp(at, timezone)} className="text-muted">
      {dayTime(at, timezone, now)}
    </time>
  )
}

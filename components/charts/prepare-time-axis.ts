import { clockSeconds, clockTime, dayMonth, offsetMinutes } from '@/components/format/instant'
import { share, type Span } from './chart'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 60, 120, 365].map((n) => n * day),
]

export interface TimeTick {
  t: number
  label: string
  /** 0 at the left end, 1 at the right. */
  at: number
}

/** Round instants of the reader's own clock, at most `most` of them; a tick at midnight names the day. */
export function timeTicks(span: Span, timezone: string, most: number): TimeTick[] {
  const step = steps.find((candidate) => (span.to - span.from) / candidate <= Math.max(1, most)) ?? 365 * day
  const offset = (t: number) => offsetMinutes(t, timezone) * minute
  const ticks: TimeTick[] = []
  const firstLocal = Math.ceil((span.from + offset(span.from)) / step) * step
  for (let local = firstLocal; ; local += step) {
    // The offset may change between two ticks (daylight saving): asked again where the tick lies.
    const guess = local - offset(local - offset(span.from))
    const t = local - offset(guess)
    if (t > span.to) break
    if (t < span.from || t <= (ticks.at(-1)?.t ?? -Infinity)) continue
    ticks.push({ t, label: tickLabel(t, local, step, timezone), at: share(span, t) })
  }
  return ticks
}

function tickLabel(t: number, local: number, step: number, timezone: string): string {
  if (step >= day || local % day === 0) return dayMonth(t, timezone)
  return step < minute ? clockSeconds(t, timezone) : clockTime(t, timezone)
}

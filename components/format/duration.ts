import { figureText, shortDecimal, type Figure } from './figure'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** One unit, for figures: 0.41 ms, 84 ms, 1.84 s, 22 min, 6 h, 41 d. Milliseconds in. */
export function duration(ms: number): Figure {
  const size = Math.abs(ms)
  if (size < 999.5) return { value: trimWhole(shortDecimal(ms)), unit: 'ms' }
  if (size < 99.5 * second) return { value: trimWhole(shortDecimal(ms / second)), unit: 's' }
  if (size < 99.5 * minute) return { value: String(Math.round(ms / minute)), unit: 'min' }
  if (size < 48 * hour) return { value: String(Math.round(ms / hour)), unit: 'h' }
  return { value: String(Math.round(ms / day)), unit: 'd' }
}

/** 60.0 -> 60, but 1.80 stays: a figure that ticks keeps its width. */
const trimWhole = (text: string) => text.replace(/\.0+$/, '')

export const durationText = (ms: number): string => figureText(duration(ms))

const parts = [
  { ms: day, unit: 'd' },
  { ms: hour, unit: 'h' },
  { ms: minute, unit: 'min' },
  { ms: second, unit: 's' },
] as const

/** Two units, for sentences: 6 min 10 s, 8 d 22 h. Below a second as `duration`. */
export function durationLong(ms: number): string {
  const whole = Math.round(ms / second) * second
  const first = parts.findIndex((part) => whole >= part.ms)
  const [big, small] = [parts[first], parts[first + 1]]
  if (!big) return durationText(ms)
  const rest = small ? Math.floor((whole % big.ms) / small.ms) : 0
  const head = figureText({ value: String(Math.floor(whole / big.ms)), unit: big.unit })
  return small && rest > 0 ? `${head} ${figureText({ value: String(rest), unit: small.unit })}` : head
}

/** How long ago, in words: "now", "2 s ago", "6 min ago". A clock that is ahead of ours counts as now. */
export function agoText(ms: number): string {
  if (ms < second) return 'now'
  const floored = ms < minute ? Math.floor(ms / second) * second : ms < hour ? Math.floor(ms / minute) * minute : ms
  return `${ms >= minute && ms < hour ? figureText({ value: String(floored / minute), unit: 'min' }) : durationText(floored)} ago`
}

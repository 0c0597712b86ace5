import type { ValueKind } from '@/components/format/value'
import type { Point } from './chart'

export interface ValueAxis {
  min: number
  max: number
  ticks: number[]
}

/** The smallest part of its own size that a line's axis spans, so that noise is not drawn as an event. */
const leastSpan: Partial<Record<ValueKind, number>> = { percent: 0.1 }
const leastSpanShare = 0.1

/** A step of 1, 2, 2.5 or 5 times a power of ten; of 1024 for bytes, so that labels stay round. */
function niceStep(rough: number, kind: ValueKind): number {
  const unit = kind === 'bytes' ? 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, rough)) / Math.log(1024))) : 1
  const power = 10 ** Math.floor(Math.log10(rough / unit))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power * unit >= rough * 0.999) ?? 10
  // Half a request or half a byte cannot be told apart from none on an axis of whole things.
  return (kind === 'bytes' ? Math.max(1, factor * power) : factor * power) * unit
}

/**
 * The axis for these values. Areas and bars begin at zero, since their size is read; a line may begin elsewhere.
 * Null when nothing was measured.
 */
export function valueAxis(lines: Point[][], kind: ValueKind, fromZero: boolean, tickCount = 4): ValueAxis | null {
  let low = Infinity
  let high = -Infinity
  for (const points of lines)
    for (const { v } of points) {
      if (v === null || !Number.isFinite(v)) continue
      low = Math.min(low, v)
      high = Math.max(high, v)
    }
  if (low > high) return null
  if (fromZero) [low, high] = [Math.min(0, low), Math.max(0, high)]
  const wanted = Math.max(leastSpan[kind] ?? 0, Math.max(Math.abs(low), Math.abs(high)) * leastSpanShare)
  const missing = Math.max(0, (wanted || 1) - (high - low))
  if (fromZero) high += high > 0 || low === 0 ? missing : 0
  else {
    // Room on both sides, but none below zero where nothing lies there: half a session less than none is no figure.
    const from = low < 0 ? low - missing / 2 : Math.max(0, low - missing / 2)
    high += missing - (low - from)
    low = from
  }
  const step = niceStep((high - low) / tickCount, kind)
  const clamp = (value: number) => (kind === 'percent' ? Math.min(1, Math.max(0, value)) : value)
  const min = clamp(Math.floor(low / step + 1e-9) * step)
  const max = clamp(Math.ceil(high / step - 1e-9) * step)
  const count = Math.round((max - min) / step)
  return { min, max, ticks: Array.from({ length: count + 1 }, (_, i) => Number((min + i * step).toPrecision(12))) }
}

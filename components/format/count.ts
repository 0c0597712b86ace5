import { figureText, shortDecimal, withMinus, type Figure } from './figure'

const steps = [
  { from: 999_500_000_000, divisor: 1e12, unit: 'T' },
  { from: 999_500_000, divisor: 1e9, unit: 'G' },
  { from: 999_500, divisor: 1e6, unit: 'M' },
  { from: 10_000, divisor: 1e3, unit: 'k' },
] as const

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Every digit: 48,213. */
export const count = (value: number | bigint): string => withMinus(grouped.format(value))

/** 1,284 stays whole, from ten thousand on 48.2 k. The unit apart, for figures in large type. */
export function compactCount(value: number | bigint): Figure {
  const number = Number(value)
  const step = steps.find(({ from }) => Math.abs(number) >= from)
  if (step) return { value: shortDecimal(number / step.divisor), unit: step.unit }
  return { value: Number.isInteger(number) ? count(number) : rateDigits(number), unit: '' }
}

/** 48.2 k. */
export const countText = (value: number | bigint): string => figureText(compactCount(value))

/** Something per second, or any other measured quantity: 3.12 k/s, 0.4/s. */
export function compactRate(value: number, per: string): Figure {
  if (Math.abs(value) >= 1_000) {
    const step = steps.find(({ from }) => Math.abs(value) >= from) ?? { divisor: 1e3, unit: 'k' }
    return { value: shortDecimal(value / step.divisor), unit: `${step.unit}/${per}` }
  }
  return { value: rateDigits(value), unit: `/${per}` }
}

/** 412, 48.2, 3.1: a measured number without a multiplier. */
function rateDigits(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.5 || value === 0) return count(Math.round(value))
  return withMinus(size >= 0.095 ? value.toFixed(1).replace(/\.0$/, '') : value.toPrecision(1))
}

/** Tokens are counted, not estimated: 22.4 M in a figure, every digit through `count`. */
export const tokensText = (value: number | bigint): string => countText(value)

import { figureText, minus } from './figure'

/** A difference with its sign always shown; the number is written by another formatter: `delta(-17.2, shortDecimal)`. */
export function delta(value: number, write: (size: number) => string): string {
  const size = write(Math.abs(value))
  if (value === 0) return `±${size}`
  return `${value < 0 ? minus : '+'}${size}`
}

/** Change of a quantity in percent of what it was: +12 %. Null when it was zero: there is no such percentage. */
export function relativeChange(now: number, was: number): number | null {
  return was === 0 ? null : (now - was) / Math.abs(was)
}

/** +12 %, −0.5 %, no difference. */
export function relativeText(ratio: number | null): string {
  if (ratio === null) return 'was nothing'
  const points = ratio * 100
  if (Math.abs(points) < 0.05) return 'no difference'
  return delta(points, (size) => figureText({ value: size >= 9.95 ? size.toFixed(0) : size.toFixed(1), unit: '%' }))
}

/** Difference of two ratios, in percentage points: −17.2. */
export const pointsText = (now: number, was: number): string => delta((now - was) * 100, (size) => size.toFixed(1))

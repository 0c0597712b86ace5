import { figureText, shortDecimal, trimZeros, type Figure } from './figure'

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Binary steps under the familiar names, as Redis and Postgres print them: 1024 B is 1 kB. */
export function bytes(value: number | bigint): Figure {
  let scaled = Number(value)
  let unit = 0
  while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
    scaled /= 1024
    unit++
  }
  if (unit === 0) return { value: String(scaled), unit: 'B' }
  return { value: trimZeros(shortDecimal(scaled)), unit: units[unit] ?? 'PB' }
}

export const bytesText = (value: number | bigint): string => figureText(bytes(value))

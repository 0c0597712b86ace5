import { bytes } from './bytes'
import { compactCount, compactRate } from './count'
import { duration } from './duration'
import { figureText, type Figure } from './figure'
import { money, moneyApprox } from './money'
import { percent } from './percent'

/** How a number is to be read, as plain data, so that a page can hand it to a chart or a table. */
export type ValueKind = 'count' | 'rate' | 'percent' | 'bytes' | 'ms' | 'money'

/** Writes a measured number by its kind. `rate` is per second, `percent` a ratio, `money` US dollars. */
export function valueFigure(kind: ValueKind, value: number): Figure {
  switch (kind) {
    case 'count':
      return compactCount(value)
    case 'rate':
      return compactRate(value, 's')
    case 'percent':
      return percent(value)
    case 'bytes':
      return bytes(value)
    case 'ms':
      return duration(value)
    case 'money':
      return { value: moneyApprox(value), unit: '' }
  }
}

/** As text; an exact amount may come as its decimal string (R7), a missing value stays a dash. */
export function valueText(kind: ValueKind, value: number | string | null): string {
  if (value === null) return figureText({ value: '–', unit: '' })
  if (typeof value === 'string') return kind === 'money' ? money(value) : value
  return figureText(valueFigure(kind, value))
}

import { delta, relativeText } from './delta'
import { duration } from './duration'
import { figureText } from './figure'

/** Where a true change lies, with what it is a change of: a ratio (1.19), a difference of shares (0.02), milliseconds. */
export interface ChangeInterval {
  kind: 'ratio' | 'points' | 'ms'
  estimate: number
  low: number
  high: number
}

const round = (size: number) => (size >= 9.95 ? size.toFixed(0) : size.toFixed(1))
/** Without a sign where the digits that are shown are zero. */
const signed = (value: number, write: (size: number) => string) =>
  Number(write(Math.abs(value))) === 0 ? '0' : delta(value, write)

/** +19 %, −17.2 points, +530 ms. */
export function changeText({ kind, estimate }: Pick<ChangeInterval, 'kind' | 'estimate'>): string {
  switch (kind) {
    case 'ratio':
      return relativeText(estimate - 1)
    case 'points':
      return figureText({ value: signed(estimate * 100, (size) => size.toFixed(1)), unit: 'points' })
    case 'ms':
      return delta(estimate, (size) => figureText(duration(size)))
  }
}

/** +16 to +22 %, −18.8 to −15.6 points, +410 to +660 ms: the unit once, as both bounds share it. */
export function intervalText({ kind, low, high }: Pick<ChangeInterval, 'kind' | 'low' | 'high'>): string {
  switch (kind) {
    case 'ratio':
      return figureText({ value: `${signed((low - 1) * 100, round)} to ${signed((high - 1) * 100, round)}`, unit: '%' })
    case 'points': {
      const points = (share: number) => signed(share * 100, (size) => size.toFixed(1))
      return figureText({ value: `${points(low)} to ${points(high)}`, unit: 'points' })
    }
    case 'ms': {
      const [least, most] = [Math.round(low), Math.round(high)]
      const largest = duration(Math.max(Math.abs(least), Math.abs(most)))
      const same = duration(Math.abs(least)).unit === largest.unit && duration(Math.abs(most)).unit === largest.unit
      const bound = (ms: number, plain: boolean) =>
        ms === 0 ? '0' : delta(ms, (size) => (plain ? duration(size).value : figureText(duration(size))))
      return `${bound(least, same)} to ${bound(most, false)}`
    }
  }
}

/** Whether chance alone explains the change. */
export const coversNone = ({ kind, low, high }: ChangeInterval): boolean => {
  const none = kind === 'ratio' ? 1 : 0
  return low <= none && none <= high
}

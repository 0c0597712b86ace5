import { withMinus } from './figure'

/** Shown where no price was known at the event's time: unpriced is not free (R7). */
export const unpriced = 'unpriced'

interface Decimal {
  negative: boolean
  whole: string
  fraction: string
}

/** @throws RangeError when the text is not a plain decimal, as the server promises (R7). */
function parse(amount: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount)
  if (!match) throw new RangeError(`Not a decimal amount: ${amount}`)
  return { negative: match[1] === '-', whole: (match[2] ?? '').replace(/^0+(?=\d)/, ''), fraction: match[3] ?? '' }
}

/** Rounds half up, away from zero, on digits alone: a float would lose some (R7). */
function round({ negative, whole, fraction }: Decimal, digits: number): Decimal {
  if (fraction.length <= digits) return { negative, whole, fraction: fraction.padEnd(digits, '0') }
  const up = fraction.charAt(digits) >= '5' ? 1n : 0n
  const scaled = (BigInt(whole + fraction.slice(0, digits)) + up).toString().padStart(digits + 1, '0')
  return { negative, whole: scaled.slice(0, scaled.length - digits), fraction: scaled.slice(scaled.length - digits) }
}

const isZero = ({ whole, fraction }: Decimal) => /^0*$/.test(whole + fraction)

function write(decimal: Decimal): string {
  const grouped = decimal.whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const sign = decimal.negative && !isZero(decimal) ? '-' : ''
  return withMinus(`${sign}$${grouped}${decimal.fraction && `.${decimal.fraction}`}`)
}

/** Cents, or two significant digits below ten cents, so that a small cost never reads as nothing. */
function digitsFor({ whole, fraction }: Decimal): number {
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0
  if (whole !== '0' || zeros === 0 || zeros === fraction.length) return 2
  return Math.max(2, zeros + 2)
}

/** `'182.401234'` -> `$182.40`, `'0.00042'` -> `$0.00042`, `null` -> `unpriced`. US dollars. */
export function money(amount: string | null): string {
  if (amount === null) return unpriced
  const decimal = parse(amount)
  const rounded = round(decimal, digitsFor(decimal))
  // $0.000420 says no more than $0.00042.
  const fraction = rounded.fraction.slice(0, 2) + rounded.fraction.slice(2).replace(/0+$/, '')
  return write({ ...rounded, fraction })
}

/** Every digit that is known, for the note behind a rounded figure. */
export function moneyExact(amount: string | null): string {
  return amount === null ? unpriced : write(parse(amount))
}

/** For axes and other places that are drawn, not accounted: the amount is already a float there. */
export const moneyApprox = (amount: number): string => money(amount.toFixed(Math.abs(amount) < 0.1 ? 8 : 4))

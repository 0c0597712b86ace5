/** A value ready to be shown: the digits, their unit, and, where there is nothing to show, the reason (R12). */
export interface Figure {
  value: string
  unit: string
  /** Why there is no value. A missing figure is shown as a dash with this reason, never as zero. */
  missing?: string
}

export const dash = '–'
export const minus = '\u2212'
const noBreakSpace = '\u00a0'

export const missingFigure = (reason: string): Figure => ({ value: dash, unit: '', missing: reason })

/** "48.2 k" in one string that does not break across lines. */
export const figureText = ({ value, unit }: Figure) => (unit ? `${value}${noBreakSpace}${unit}` : value)

/** ASCII hyphen to a true minus, as wide as a digit. */
export const withMinus = (text: string) => text.replace(/^-/, minus)

/** Three significant digits or so: 3.12, 48.2, 412. */
export function shortDecimal(value: number): string {
  const size = Math.abs(value)
  return withMinus(value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2))
}

/** 1.30 -> 1.3, 2.00 -> 2, 412 stays. */
export const trimZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

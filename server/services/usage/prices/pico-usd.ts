/** US dollars are counted in whole 10^-12 dollars: one token at a price with six decimals per million (R7). */
const DECIMALS = 12

/** A decimal string times 10^`decimals` as an integer; null when the string has more decimals than that. */
export function scaled(decimal: string, decimals: number): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal)
  if (!match) return null
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > decimals) return null
  return BigInt((match[1] ?? '') + fraction.padEnd(decimals, '0'))
}

/** 10^-12 dollars as the decimal string that Postgres stores. */
export function usdFromPico(pico: bigint): string {
  const digits = pico.toString().padStart(DECIMALS + 1, '0')
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`
}

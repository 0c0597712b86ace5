/** Scores are decimals of at most three places; as thousandths they add up exactly. */
export function thousandths(text: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,3})0*)?$/.exec(text) ?? []
  const size = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0') || '0')
  return sign ? -size : size
}

export function decimalText(thousands: bigint): string {
  const size = thousands < 0n ? -thousands : thousands
  const fraction = String(size % 1000n)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${thousands < 0n ? '-' : ''}${size / 1000n}${fraction && `.${fraction}`}`
}

/** What a double carries exactly in whole numbers. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER) * 1000n
/** Below it, three places are kept exactly: the double nearest to the decimal is the same in both stores. */
const MOST_WITH_PLACES = 10n ** 15n

/** Whether both stores can hold the score as what it is. */
export function isExact(thousands: bigint): boolean {
  const size = thousands < 0n ? -thousands : thousands
  return size <= MOST && (size < MOST_WITH_PLACES || size % 1000n === 0n)
}

import { money, moneyExact } from '@/components/format/money'

/** A difference with its sign; every digit on hover. */
export function DifferenceCell({ usd }: { usd: string }) {
  const sign = /^-|^0*\.?0*$/.test(usd) ? '' : '+'
  return <span title={`${sign}${moneyExact(usd)}`}>{`${sign}${money(usd)}`}</span>
}

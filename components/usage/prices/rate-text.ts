import { countText } from '@/components/format/count'
import { money, moneyExact } from '@/components/format/money'
import type { ExplainedPrice } from '@/server/services/usage/prices/explain-price'

export type Rates = NonNullable<ExplainedPrice['rates']>
export type TokenClass = 'input' | 'output' | 'cacheRead' | 'cacheWrite'
export const tokenClasses = ['input', 'output', 'cacheRead', 'cacheWrite'] as const
export const classLabels: Record<TokenClass, string> = {
  input: 'Input',
  output: 'Output',
  cacheRead: 'Cache read',
  cacheWrite: 'Cache write',
}

/** Prices are told in full: a rounded one is another price. */
export const priceText = (usd: string) => (/\.\d{3}/.test(usd) ? moneyExact(usd) : money(usd))

/** "$1.25 · $2.50 above 200 k", null where the class has no price of its own. */
export function rateText(rates: Rates, of: TokenClass): string | null {
  const rate = rates[of]
  if (!rate) return null
  return [
    priceText(rate.base),
    ...rate.tiers.map((tier) => `${priceText(tier.price)} above ${countText(tier.start)}`),
  ].join(' · ')
}

/** "input $2.50, output $10.00 per million tokens" */
export function ratesText(rates: Rates): string {
  const parts = tokenClasses.flatMap((of) => {
    const text = rateText(rates, of)
    return text === null ? [] : `${classLabels[of].toLowerCase()} ${text}`
  })
  const fee = rates.request === null ? '' : `, and ${priceText(rates.request)} per thousand requests`
  return `${parts.join(', ')} per million tokens${fee}`
}

type Times = NonNullable<ExplainedPrice['times']>

/** When a price holds, where it does not hold always: "from 2026-03-13, to 2026-09-01, 00:30 to 16:30 UTC". */
export function timesText({ from, to, dailyFrom, dailyTo }: Times): string | null {
  const day = (at: string) => at.slice(0, 10)
  const parts = [
    from && `from ${day(from)}`,
    to && `to ${day(to)}`,
    dailyFrom && dailyTo && `${dailyFrom.slice(0, 5)} to ${dailyTo.slice(0, 5)} UTC`,
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : null
}

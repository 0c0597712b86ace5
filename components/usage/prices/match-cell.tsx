import { Chip } from '@/components/ui/chip'
import type { ExplainedPrice } from '@/server/services/usage/prices/explain-price'
import { timesText } from './rate-text'

/** What a reported name is priced as, and below it why. */
export function MatchCell({ price }: { price: ExplainedPrice }) {
  const { matched, because, source, times, ownPrices, incomplete } = price
  const when = times && timesText(times)
  const own =
    ownPrices.length > 0 &&
    `another price for ${ownPrices.slice(0, 3).join(', ')}${ownPrices.length > 3 ? ` and ${ownPrices.length - 3} more` : ''}`
  return (
    <span className="block max-w-64 min-w-44">
      <span className="flex items-center gap-2">
        <span className="font-mono text-sm wrap-anywhere whitespace-normal">
          {matched ? `${matched.provider}/${matched.model}` : source ? 'the name itself' : 'no known model'}
        </span>
        {source === 'override' && <Chip>override</Chip>}
        {source === null && <Chip tone="warn">{own ? 'unpriced for others' : 'unpriced'}</Chip>}
      </span>
      <span className="block text-sm whitespace-normal text-muted">
        {[...because, when, own, incomplete].filter(Boolean).join(' · ') ||
          (source ? '' : 'no rule of the price list fits it')}
      </span>
    </span>
  )
}

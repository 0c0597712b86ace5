'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebounced } from '@/components/prompts/use-debounced'
import { useTRPC } from '@/components/shell/trpc'
import type { ExplainedPrice } from '@/server/services/usage/prices/explain-price'
import { NameToPrice } from '@/server/services/usage/prices/prices.schema'
import { ratesText } from './rate-text'

/** What a name costs right now, and why, while it is typed. */
export function PriceNow({ tenant, provider, model }: { tenant: string; provider: string; model: string }) {
  const typed = useDebounced(
    JSON.stringify({ tenant: tenant.trim() || null, provider: provider.trim(), model: model.trim() }),
    250,
  )
  const name = NameToPrice.safeParse(JSON.parse(typed))
  const now = useQuery(
    useTRPC().prices.explain.queryOptions(name.data ?? { tenant: null, provider: '-', model: '-' }, {
      enabled: name.success,
      placeholderData: keepPreviousData,
    }),
  )
  return (
    <p aria-live="polite" className="min-h-10 rounded-md bg-sunken px-2.5 py-1.5 text-sm text-muted">
      {!name.success
        ? 'What it costs now appears here.'
        : now.error
          ? now.error.message
          : now.data
            ? textOf(now.data)
            : 'Looking it up'}
    </p>
  )
}

function textOf({ matched, because, rates, source }: ExplainedPrice): string {
  const why = because.length > 0 ? ` (${because.join('; ')})` : ''
  if (!rates) return `Now: no price is known${why}.`
  const as = matched ? ` as ${matched.provider}/${matched.model}` : ''
  return `Now${as}${why}: ${ratesText(rates)}, from ${source === 'override' ? 'an override' : 'genai-prices'}.`
}

import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsStringLiteral } from 'nuqs/server'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'

export const priceViews = ['in-use', 'unpriced', 'overrides', 'aliases', 'corrections'] as const
export type PriceView = (typeof priceViews)[number]

const pricesParams = { ...scopeParams, view: parseAsStringLiteral(priceViews) }
export const loadPricesParams = createLoader(pricesParams)
export const pricesHref = createSerializer(pricesParams)

export function usePrices() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(pricesParams, { history: 'push', shallow: true })
  return { scope: scopeOf(params, timezone), view: params.view ?? 'in-use', setParams }
}

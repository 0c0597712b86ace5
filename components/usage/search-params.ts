import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSort } from '@/components/data-table/parse-sort'
import { scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import { type Breakdown, breakdowns, type UsageScope } from '@/server/services/usage/usage.schema'

/** What the Usage page keeps in its address, beside the scope that every page has. */
export const usageParams = {
  ...scopeParams,
  provider: parseAsString,
  model: parseAsString,
  user: parseAsString,
  prompt: parseAsString,
  by: parseAsStringLiteral(breakdowns),
  sort: parseAsSort,
}

export const loadUsageParams = createLoader(usageParams)
export const usageHref = createSerializer(usageParams)

export type UsageParams = Awaited<ReturnType<typeof loadUsageParams>>

export function usageScopeOf(params: UsageParams, timezone: string): UsageScope {
  const { provider, model, user, prompt } = params
  return { ...scopeOf(params, timezone), provider, model, user, prompt }
}

const order: Breakdown[] = ['tenant', 'model', 'user', 'prompt', 'provider']

/** By what the whole is broken down: the first thing that is not chosen yet, unless the address says otherwise. */
export const breakdownOf = (params: Pick<UsageParams, Breakdown | 'by'>): Breakdown =>
  params.by ?? order.find((by) => params[by] === null) ?? 'model'

export function useUsage() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(usageParams, { history: 'push', shallow: true })
  return { scope: usageScopeOf(params, timezone), by: breakdownOf(params), params, setParams }
}

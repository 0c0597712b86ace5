import { useQueryStates } from 'nuqs'
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { parseAsSort } from '@/components/data-table/parse-sort'
import { parseAsInstant, scopeOf, scopeParams } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import {
  type Against,
  type Breakdown,
  breakdowns,
  type RequestOrder,
  requestOrders,
  type UsageScope,
  usageStatuses,
  usageSteps,
} from '@/server/services/usage/usage.schema'

export const comparisons = ['before', 'week', 'range', 'prompt', 'model'] as const satisfies Against['kind'][]

/** What the Usage pages keep in their address, beside the scope that every page has. */
export const usageParams = {
  ...scopeParams,
  provider: parseAsString,
  model: parseAsString,
  user: parseAsString,
  prompt: parseAsString,
  status: parseAsStringLiteral(usageStatuses),
  by: parseAsStringLiteral(breakdowns),
  step: parseAsStringLiteral(usageSteps),
  sort: parseAsSort,
  /** tenant/id of the call whose story is open. */
  call: parseAsString,
  vs: parseAsStringLiteral(comparisons),
  vsFrom: parseAsInstant,
  vsTo: parseAsInstant,
  a: parseAsString,
  b: parseAsString,
}

export const loadUsageParams = createLoader(usageParams)
export const usageHref = createSerializer(usageParams)

/** A file of exactly what is on screen: the two instants that it was asked for stand for a range that moves on. */
export const exportHref = (path: string, params: Partial<UsageParams>, { from, to }: { from: string; to: string }) =>
  usageHref(path, { ...params, range: null, from, to, call: null })

export type UsageParams = Awaited<ReturnType<typeof loadUsageParams>>

export function usageScopeOf(params: UsageParams, timezone: string): UsageScope {
  const { provider, model, user, prompt, status } = params
  return { ...scopeOf(params, timezone), provider, model, user, prompt, status }
}

const order: Breakdown[] = ['tenant', 'model', 'user', 'prompt', 'provider', 'status']

/** By what the whole is broken down: the first thing that is not chosen yet, unless the address says otherwise. */
export const breakdownOf = (params: Pick<UsageParams, Breakdown | 'by'>): Breakdown =>
  params.by ?? order.find((by) => params[by] === null) ?? 'model'

/** The order of the calls: the newest first, unless the address says otherwise. */
export function orderOf({ sort }: Pick<UsageParams, 'sort'>): { order: RequestOrder; descending: boolean } {
  const known = requestOrders.find((one) => one === sort?.key)
  return known && sort ? { order: known, descending: sort.descending } : { order: 'time', descending: true }
}

/** What the range is held against; null while what the address names is not chosen yet. */
export function againstOf({
  vs,
  vsFrom,
  vsTo,
  a,
  b,
}: Pick<UsageParams, 'vs' | 'vsFrom' | 'vsTo' | 'a' | 'b'>): Against | null {
  const kind = vs ?? 'before'
  switch (kind) {
    case 'before':
    case 'week':
      return { kind }
    case 'range':
      return vsFrom && vsTo && vsFrom < vsTo ? { kind, from: vsFrom, to: vsTo } : null
    case 'prompt':
    case 'model':
      return a && b ? { kind, a, b } : null
  }
}

export function useUsage() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(usageParams, { history: 'push', shallow: true })
  return { scope: usageScopeOf(params, timezone), by: breakdownOf(params), params, setParams }
}

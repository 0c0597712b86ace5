import 'server-only'
import { loadTimezone } from '@/components/shell/load-scope'
import { againstOf, breakdownOf, loadUsageParams, orderOf, usageScopeOf } from './search-params'

/** What the page's address means, for prefetching and for the CSV. */
export async function loadUsage(searchParams: Promise<Record<string, string | string[] | undefined>>) {
  const params = await loadUsageParams(searchParams)
  return {
    scope: usageScopeOf(params, await loadTimezone()),
    by: breakdownOf(params),
    step: params.step,
    order: orderOf(params),
    against: againstOf(params),
  }
}

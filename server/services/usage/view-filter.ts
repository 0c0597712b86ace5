import type { UsageFilter } from '@/db/postgres/queries/usage-rows'
import { promptOf } from './usage-key'
import type { UsageView } from './usage.schema'

/** The question behind what the page's address says. */
export function filterOf({ from, to, tenant, provider, model, user, prompt }: UsageView): UsageFilter {
  return {
    from,
    to,
    tenant,
    provider,
    model,
    user: user === '' ? null : user,
    prompt: prompt === '' ? null : prompt === undefined ? undefined : promptOf(prompt),
  }
}

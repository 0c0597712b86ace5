import type { UsageFilter } from '@/db/postgres/queries/usage-rows'
import { windowOf } from '@/server/services/scope.schema'
import { promptOf } from './usage-key'
import type { UsageScope } from './usage.schema'

/** The question behind what the page's address says, at `now`. */
export function filterOf(
  { tenant, provider, model, user, prompt, status, ...scope }: UsageScope,
  now: Date,
): UsageFilter {
  return {
    ...windowOf(scope, now),
    tenant: tenant ?? undefined,
    provider: provider ?? undefined,
    model: model ?? undefined,
    user: user === null ? undefined : user === '' ? null : user,
    prompt: prompt === null ? undefined : prompt === '' ? null : promptOf(prompt),
    status: status ?? undefined,
  }
}

import type { Stores } from '@/server/services/context'
import type { Scope } from '@/server/services/scope.schema'
import { breakdownOfUsage } from '@/server/services/usage/usage-breakdown'

const LISTED = 10

/** Rankings that nobody has to score: the usage that is reported anyway, of the range of the page. */
export async function usageBoards({ db }: Pick<Stores, 'db'>, scope: Scope) {
  const all = { ...scope, provider: null, model: null, user: null, prompt: null, status: null }
  const [tenants, users, prompts] = await Promise.all([
    breakdownOfUsage({ db }, { ...all, by: 'tenant' }, { limit: LISTED }),
    breakdownOfUsage({ db }, { ...all, by: 'user' }, { limit: LISTED, order: 'tokens' }),
    breakdownOfUsage({ db }, { ...all, by: 'prompt' }, { limit: LISTED, order: 'requests' }),
  ])
  return {
    asOf: tenants.asOf,
    spendByTenant: tenants.groups.map(({ key, costUsd, unpriced }) => ({ key, costUsd, unpriced })),
    tokensByUser: users.groups.map(({ key, tenant, inputTokens, outputTokens }) => ({
      key,
      tenant,
      tokens: inputTokens + outputTokens,
    })),
    /** Versions of prompts; calls without one are left out. */
    mostUsedPrompts: prompts.groups.flatMap(({ key, requests }) => (key === null ? [] : [{ key, requests }])),
  }
}
export type UsageBoards = Awaited<ReturnType<typeof usageBoards>>

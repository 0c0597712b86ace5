import { requireTenant } from '@/server/gateway/key'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { CheckBudgets, CheckedBudgets } from '@/server/services/usage/budgets/budgets.schema'

export const budgetRoutes = ({ checkBudgets }: Pick<Services, 'checkBudgets'>): Route[] => [
  route({
    method: 'GET',
    path: '/v1/budgets/check',
    scope: 'app',
    summary: 'Whether a call is within its budgets',
    description:
      'Ask before you call a model. Every budget that covers the call is listed: those of all calls, of the tenant, of the key you ask with, and of the user, model and prompt that you name. "allowed" is false once one that refuses is used up; a budget that only tells never refuses. Those that refuse are decided by a counter in Redis that every report adds to once it is committed; without it, and for those that only tell, the figures are what the worker counted at "asOf", a few seconds ago, of keys up to five minutes. A budget that was not counted yet does not refuse.',
    query: CheckBudgets,
    replies: {
      200: {
        when: 'always',
        schema: CheckedBudgets,
        example: {
          allowed: true,
          budgets: [
            {
              id: '6c1a6f1e-2f0e-4f3e-9b59-0d7f4a4e2a11',
              name: 'acme in a month',
              enforcement: 'refuse',
              state: 'within',
              amountUsd: '250',
              spentUsd: '181.4402112',
              unpriced: 0,
              from: '2026-11-01T00:00:00.000Z',
              to: '2026-12-01T00:00:00.000Z',
              countedBy: 'redis',
              asOf: '2026-11-21T12:00:00.000Z',
            },
          ],
        },
      },
    },
    example: { query: { tenant: 'acme', user: 'u-17', model: 'gpt-4o-mini' } },
    handle: ({ query, key }) => {
      requireTenant(key, query.tenant)
      return checkBudgets(key, query)
    },
  }),
]

'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/feedback/panel'
import { count, countText } from '@/components/format/count'
import { money } from '@/components/format/money'
import { windowText } from '@/components/overview/window-text'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { useUsageState } from '@/components/usage/use-usage-state'

type Row = { key: string; name: ReactNode; value: string }

/** Rankings that need no scores: usage that is reported anyway, of the range and tenant of the page. */
export function UsageBoardsPanel() {
  const { scope } = useScope()
  const query = useQuery(useTRPC().leaderboards.usage.queryOptions(scope, { placeholderData: keepPreviousData }))
  const { data } = query
  const state = useUsageState(query, 'the rankings of usage', {
    empty: data?.spendByTenant.length === 0 && {
      title: 'No usage in this range.',
      hint: 'Calls that applications report rank tenants by what they spend, users by their tokens and prompts by their use.',
    },
  })
  return (
    <Panel
      title="Ranked by usage"
      memory="postgres"
      source={
        data && {
          stores: ['postgres'],
          from: 'usage_hourly + usage_deltas + calls at the edges',
          window: windowText(scope, data.asOf),
          asOf: data.asOf,
          precision: 'exact',
          detail: 'The first ten of each. Calls without a price are not in what is spent.',
        }
      }
      state={state}
      minHeight={200}
    >
      {data && (
        <div className="grid gap-4 px-3.5 pb-3 md:grid-cols-3">
          <Ranked
            title="Spend by tenant"
            rows={data.spendByTenant.map(({ key, costUsd }) => ({
              key: key ?? '',
              name: key ?? 'none',
              value: money(costUsd),
            }))}
          />
          <Ranked
            title="Tokens by user"
            rows={data.tokensByUser.map(({ key, tenant, tokens: used }) => ({
              key: `${tenant} ${key}`,
              name: (
                <>
                  {key ?? 'no user'} <span className="text-muted">of {tenant}</span>
                </>
              ),
              value: countText(used),
            }))}
          />
          <Ranked
            title="Most used prompts"
            rows={data.mostUsedPrompts.map(({ key, requests }) => ({ key, name: key, value: count(requests) }))}
          />
        </div>
      )}
    </Panel>
  )
}

function Ranked({ title, rows }: { title: string; rows: Row[] }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-sm font-medium text-muted">{title}</h3>
      {rows.length === 0 ? (
        <p className="text-muted">nobody in this range</p>
      ) : (
        <ol>
          {rows.map(({ key, name, value }, index) => (
            <li key={key} className="flex gap-2 border-t border-line py-1 first:border-t-0">
              <span className="w-5 shrink-0 text-right text-muted tabular-nums">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="tabular-nums">{value}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

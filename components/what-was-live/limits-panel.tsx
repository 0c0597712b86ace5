'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { dayTime } from '@/components/format/instant'
import { kindNames, termsText } from '@/components/limits/limit-words'
import { useTRPC } from '@/components/shell/trpc'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { LimitAt } from '@/server/services/limits/limits-at'

/** What every limit said at the instant, to everybody or to the tenant. */
export function LimitsPanel({ at, tenant, timezone }: { at: string; tenant: string | null; timezone: string }) {
  const query = useQuery(useTRPC().limits.at.queryOptions({ at, tenant }, { placeholderData: keepPreviousData }))
  const state = useUsageState(query, 'the limits', {
    empty: query.data?.length === 0 && {
      title: 'There were no limits at this instant.',
      hint: 'Limits that were set by then stand here, with who set them.',
    },
  })
  return (
    <Panel
      title="Limits"
      memory="postgres"
      source={{ stores: ['postgres'], from: 'limit_policy_history', window: 'until the instant', precision: 'exact' }}
      state={state}
      minHeight={100}
    >
      <DataTable
        label="Limits at the instant"
        memory="postgres"
        columns={columnsOf(timezone, at)}
        rows={query.data ?? []}
        rowKey={({ name }) => name}
        rowHref={({ id }) => `/limits?limit=${id}`}
        alreadySorted
        maxHeight={320}
      />
    </Panel>
  )
}

const columnsOf = (timezone: string, at: string): DataColumn<LimitAt>[] => [
  { key: 'limit', header: 'Limit', cell: ({ name }) => <TextCell>{name}</TextCell> },
  { key: 'tenant', header: 'For', cell: ({ tenant }) => tenant ?? <span className="text-muted">all tenants</span> },
  { key: 'terms', header: 'Admitted', cell: (limit) => <TextCell>{termsText(limit)}</TextCell> },
  { key: 'kind', header: 'Kind', cell: ({ kind }) => <TextCell muted>{kindNames[kind]}</TextCell>, wideOnly: true },
  { key: 'by', header: 'Set by', cell: ({ by }) => <TextCell muted>{by}</TextCell>, wideOnly: true },
  { key: 'since', header: 'Since', numeric: true, cell: ({ since }) => dayTime(since, timezone, at) },
]

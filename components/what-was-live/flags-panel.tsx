'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { rulesText } from '@/components/flags/flag-words'
import { dayTime } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { Chip } from '@/components/ui/chip'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { FlagAt } from '@/server/services/flags/flags-at'

/** What held of every flag at the instant: for all, and for the tenant where that was different. */
export function FlagsPanel({ at, tenant, timezone }: { at: string; tenant: string | null; timezone: string }) {
  const query = useQuery(useTRPC().flags.at.queryOptions({ at, tenant }, { placeholderData: keepPreviousData }))
  const state = useUsageState(query, 'the flags', {
    empty: query.data?.length === 0 && {
      title: 'There were no flags at this instant.',
      hint: 'Flags that were set by then stand here, with who set them.',
    },
  })
  return (
    <Panel
      title="Flags"
      memory="postgres"
      source={{ stores: ['postgres'], from: 'flag_changes', window: 'until the instant', precision: 'exact' }}
      state={state}
      minHeight={100}
    >
      <DataTable
        label="Flags at the instant"
        memory="postgres"
        columns={columnsOf(timezone, at)}
        rows={query.data ?? []}
        rowKey={({ flag, tenant }) => `${tenant} ${flag}`}
        rowHref={({ flag }) => `/flags?flag=${encodeURIComponent(flag)}`}
        alreadySorted
        maxHeight={320}
      />
    </Panel>
  )
}

const columnsOf = (timezone: string, at: string): DataColumn<FlagAt>[] => [
  { key: 'flag', header: 'Flag', cell: ({ flag }) => <TextCell>{flag}</TextCell> },
  { key: 'tenant', header: 'For', cell: ({ tenant }) => tenant ?? <span className="text-muted">all tenants</span> },
  {
    key: 'rules',
    header: 'On for',
    cell: ({ rules }) => <Chip tone={rules.enabled ? 'ok' : 'neutral'}>{rulesText(rules)}</Chip>,
  },
  { key: 'by', header: 'Set by', cell: ({ by }) => <TextCell muted>{by}</TextCell>, wideOnly: true },
  { key: 'since', header: 'Since', numeric: true, cell: ({ since }) => dayTime(since, timezone, at) },
]

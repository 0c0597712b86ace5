'use client'

import { useQuery } from '@tanstack/react-query'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { usageSource } from '@/components/overview/sources'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { usageHref } from '@/components/usage/search-params'
import { UsageTabs } from '@/components/usage/usage-tabs'
import { useUsageState } from '@/components/usage/use-usage-state'
import { dayColumns } from './day-columns'
import { QuestionsPanel } from './questions-panel'

/** What each of the last days came to, and the questions that are asked of usage again and again. */
export function QuestionsScreen() {
  const { scope } = useScope()
  const { tenant, timezone } = scope
  const days = useQuery(useTRPC().usage.days.queryOptions({ tenant, timezone }))
  const state = useUsageState(days, 'the days', {
    empty: days.data?.days.every(({ requests }) => requests === 0) && {
      title: 'No call in the last 14 days.',
      hint: 'Each day that has calls is summed up here, and told to webhooks that want “a day is over”.',
    },
  })
  return (
    <>
      <UsageTabs />
      <Panel
        title="Days"
        memory="postgres"
        note="the last 14; webhooks can be told of each"
        source={
          days.data &&
          usageSource({ window: 'last 14 days', asOf: days.data.asOf }, `Exact sums by the days of ${timezone}.`)
        }
        state={state}
        minHeight={320}
      >
        {days.data && (
          <DataTable
            label="Days"
            memory="postgres"
            columns={dayColumns(tenant === null)}
            rows={days.data.days}
            rowKey={({ day }) => day}
            rowHref={({ from, to }) => usageHref('/usage', { tenant, from, to })}
            defaultSort={{ key: 'day', descending: true }}
          />
        )}
      </Panel>
      <QuestionsPanel now={days.data?.asOf ?? new Date(0).toISOString()} />
    </>
  )
}

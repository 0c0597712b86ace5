'use client'

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { usageSource } from '@/components/overview/sources'
import { windowText } from '@/components/overview/window-text'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import type { ListedCall } from '@/server/services/usage/usage-requests'
import { callColumns } from './call-columns'
import { CallSheet } from './call-sheet'
import { CsvButton } from './csv-button'
import { exportHref, orderOf, useUsage } from './search-params'
import { UsageTabs } from './usage-tabs'
import { useUsageState } from './use-usage-state'

const keyOf = ({ tenant, id }: { tenant: string; id: string }) => `${tenant}/${id}`

/** The calls of the range one by one; a press opens the whole story of one. */
export function RequestsScreen() {
  const { scope, params, setParams } = useUsage()
  const { order, descending } = orderOf(params)
  const queryClient = useQueryClient()
  // A list that somebody reads does not move under the eyes: it is read again when asked, from its beginning.
  const options = useTRPC().usage.requests.infiniteQueryOptions(
    { ...scope, order, descending },
    { getNextPageParam: ({ next }) => next, initialCursor: null, meta: { still: true } },
  )
  const query = useInfiniteQuery(options)
  const refresh = () => queryClient.resetQueries({ queryKey: options.queryKey })
  const [first] = query.data?.pages ?? []
  const calls = query.data?.pages.flatMap((page) => page.calls) ?? []
  const state = useUsageState(query, 'the calls', {
    empty: first?.calls.length === 0 && {
      title: 'No call in this range passes these filters.',
      hint: 'Take a filter off above, or choose a longer range at the top.',
    },
  })
  const { among = null, total = null } = first ?? {}
  const bounded = among !== null && (total === null || total > among)
  return (
    <>
      <UsageTabs />
      <Panel
        title="Requests"
        memory="postgres"
        note={
          first &&
          (total === null ? windowText(scope, first.asOf) : `${count(total)} in ${windowText(scope, first.asOf)}`)
        }
        source={
          first &&
          usageSource(
            { window: windowText(scope, first.asOf), asOf: first.asOf },
            'The calls themselves, from llm_usage; counted in the rollups.',
          )
        }
        actions={
          <>
            <Button pending={query.isRefetching} onClick={() => void refresh()}>
              <RotateCw aria-hidden />
              Refresh
            </Button>
            {first && <CsvButton href={exportHref('/usage/export/requests', params, first)} />}
          </>
        }
        state={state}
        minHeight={400}
      >
        {first && (
          <>
            <DataTable<ListedCall>
              label="Requests"
              memory="postgres"
              columns={callColumns(scope.timezone, first.asOf, scope.tenant === null)}
              rows={calls}
              rowKey={keyOf}
              onSelect={(call) => void setParams({ call: keyOf(call) })}
              selectedKey={params.call}
              sort={{ key: order, descending }}
              onSortChange={(sort) =>
                void setParams({ sort: sort.key === order ? sort : { ...sort, descending: true }, call: null })
              }
              alreadySorted
              total={total ?? undefined}
              note={
                bounded &&
                `in order of ${order}: the newest ${count(among)} of the range at most; narrow it to see others`
              }
            />
            {query.hasNextPage && (
              <div className="flex justify-center border-t border-line p-2">
                <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Panel>
      <CallSheet />
    </>
  )
}

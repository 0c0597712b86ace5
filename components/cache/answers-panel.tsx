'use client'

import { Link } from '@/components/ui/link'
import { X } from 'lucide-react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { lookupsSource } from '@/components/overview/sources'
import { useScope, withScope } from '@/components/shell/search-params'
import { Button } from '@/components/ui/button'
import type { CacheReport } from '@/server/services/cache/cache-report'
import { answerColumns } from './answer-columns'

/** The answer cache by namespace; within one, by tenant. A press narrows the whole page, and stays in its address. */
export function AnswersPanel({
  state,
  data,
  window,
  before,
}: {
  state: PanelState
  data: CacheReport | undefined
  window: string
  before: string
}) {
  const { params } = useScope()
  const by = data?.answers.by ?? 'namespace'
  const { rows = [], groups = 0, during } = data?.answers ?? {}
  const within = (namespace: string) => `/cache?namespace=${encodeURIComponent(namespace)}`
  const hrefOf = (key: string) =>
    by === 'namespace'
      ? withScope(within(key), params)
      : withScope(within(data?.namespace ?? ''), { ...params, tenant: key })
  return (
    <Panel
      title={data?.namespace ? `Answer cache: ${data.namespace}` : 'Answer cache'}
      memory="redis"
      badge={by === 'namespace' ? 'by namespace' : 'by tenant'}
      source={lookupsSource({ window, asOf: data?.asOf }, data?.tenant ?? 'all tenants')}
      note="exact counts from our calls"
      actions={
        data?.namespace && (
          <Button asChild>
            <Link href={withScope('/cache', params)}>
              <X aria-hidden /> All namespaces
            </Link>
          </Button>
        )
      }
      state={state}
      minHeight={150}
    >
      <DataTable
        label={by === 'namespace' ? 'Namespaces of the answer cache' : 'Tenants of the namespace'}
        columns={answerColumns(by, during ? during.hits + during.misses : 0, before)}
        rows={rows}
        rowKey={({ key }) => key}
        rowHref={({ key }) => hrefOf(key)}
        defaultSort={{ key: 'lookups', descending: true }}
        memory="redis"
        total={groups}
      />
    </Panel>
  )
}

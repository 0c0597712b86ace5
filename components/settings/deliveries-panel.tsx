'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { useVisible } from '@/components/shell/use-visible'
import { deliveryColumns } from './delivery-columns'

const REFRESH_MS = 2_000

/** What was told to whom, and how it went; looks again every two seconds while it can be seen. */
export function DeliveriesPanel() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const visible = useVisible()
  const list = useQuery(
    trpc.settings.webhooks.deliveries.queryOptions(undefined, { refetchInterval: visible && REFRESH_MS }),
  )
  const retry = useMutation(
    trpc.settings.webhooks.retry.mutationOptions({
      onSuccess: () => void toast.done('Due now', { detail: 'The worker sends it within a second.' }),
      onError: (error) => void toast.failed('It could not be retried', { detail: error.message }),
      onSettled: () => queryClient.invalidateQueries(trpc.settings.webhooks.deliveries.queryFilter()),
    }),
  )
  return (
    <Panel
      title="Deliveries"
      memory="postgres"
      state={panelState(list, 'the deliveries', {
        empty: list.data?.length === 0 && {
          title: 'Nothing was told yet',
          hint: 'Send a test, or activate a version.',
        },
      })}
      minHeight={96}
    >
      <DataTable
        label="Deliveries"
        columns={deliveryColumns(({ id }) => retry.mutate({ id }))}
        rows={list.data ?? []}
        rowKey={({ id }) => String(id)}
        maxHeight={420}
        note="The newest 100. What is over is kept for 30 days."
      />
    </Panel>
  )
}

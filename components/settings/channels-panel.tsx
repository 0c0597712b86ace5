'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { channelColumns } from './channel-columns'

/** Which channels need a second person for a change. */
export function ChannelsPanel() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const admin = useOperator().role === 'admin'
  const list = useQuery(trpc.settings.channels.list.queryOptions())
  const refresh = () => queryClient.invalidateQueries(trpc.settings.channels.list.queryFilter())
  const set = useMutation(
    trpc.settings.channels.setApproval.mutationOptions({
      onSuccess: ({ channel, required }) => {
        toast.done(`Changes on ${channel} ${required ? 'need approval now' : 'need no approval any more'}`)
        return refresh()
      },
      onError: (error) => {
        toast.failed('The rule could not be changed', { detail: error.message })
        void refresh()
      },
    }),
  )
  return (
    <Panel
      title="Channels"
      memory="postgres"
      note={admin ? undefined : 'Only admins change what a channel needs'}
      state={panelState(list, 'the channels')}
      minHeight={96}
    >
      <DataTable
        label="Channels"
        columns={channelColumns({
          pending: set.isPending ? set.variables.channel : null,
          onSet: admin ? (channel, required) => set.mutate({ channel, required }) : undefined,
        })}
        rows={list.data?.channels ?? []}
        rowKey={({ name }) => name}
        maxHeight={420}
        note={`${list.data?.more ? 'The first 200. ' : ''}With approval, an activation or rollout waits until a second person approves it. A rollback never waits.`}
      />
    </Panel>
  )
}

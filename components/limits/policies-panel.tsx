'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { windowText } from '@/components/overview/window-text'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { LimitsReport, ListedPolicy } from '@/server/services/limits/limits-report'
import type { Scope } from '@/server/services/scope.schema'
import { policyColumns } from './policy-columns'

type Props = {
  report: Parameters<typeof panelState>[0] & { data: LimitsReport | undefined }
  scope: Scope
  shown: string | null
  onShow: (policy: ListedPolicy) => void
  /** Null sets a new one. */
  onSet: (policy: ListedPolicy | null) => void
}

export function PoliciesPanel({ report, scope, shown, onShow, onSet }: Props) {
  const mayChange = useMayChange()
  const [deleting, setDeleting] = useState<ListedPolicy | null>(null)
  const { data } = report
  const set = mayChange && (
    <Button variant="primary" onClick={() => onSet(null)}>
      Set a limit
    </Button>
  )
  const state = panelState(report, 'the limits', {
    empty: data?.policies.length === 0 && {
      title: 'Nothing is limited yet.',
      hint: 'A limit says how many points a subject (a user, a tenant, a key of yours) may take per window. Applications ask before they work:',
      command: `curl -X POST $GATEWAY/v1/limits/chat/consume -H "authorization: Bearer $KEY" -H 'content-type: application/json' -d '{"subject":"u-42"}'`,
      action: set,
    },
  })
  return (
    <Panel
      title="Limits"
      memory="redis"
      badge="counters in Redis"
      edge
      source={
        data && {
          stores: ['postgres'],
          from: 'limit_counts, written each second by the gateways',
          window: windowText(scope, data.asOf),
          asOf: data.asOf,
          precision: 'exact',
          detail: 'What they decided, by minute and subject; the policies are rows of limit_policies.',
        }
      }
      actions={state.status === 'empty' ? null : set}
      state={state}
      minHeight={180}
    >
      <DataTable
        label="Limits"
        memory="redis"
        columns={policyColumns(data?.limited ?? [], mayChange ? { change: onSet, remove: setDeleting } : null)}
        rows={data?.policies ?? []}
        rowKey={({ id }) => id}
        onSelect={onShow}
        selectedKey={shown}
        defaultSort={{ key: 'refused', descending: true }}
      />
      {deleting && <DeleteLimit policy={deleting} onClose={() => setDeleting(null)} />}
    </Panel>
  )
}

function DeleteLimit({ policy: { name, tenant }, onClose }: { policy: ListedPolicy; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.limits.delete.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.limits.pathFilter())
        toast.done(`${name} is deleted`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete the limit ${name}${tenant === null ? '' : ` of ${tenant}`}`}
      description={
        tenant === null
          ? 'Applications that ask for it get “not found” from then on, and decide themselves what that means.'
          : 'The tenant gets the limit of everybody, where there is one of this name.'
      }
      confirmLabel="Delete limit"
      danger
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() => remove.mutate({ name, tenant })}
    />
  )
}

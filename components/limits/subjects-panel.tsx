'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { BarCell, CountCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { windowText } from '@/components/overview/window-text'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { ListedPolicy } from '@/server/services/limits/limits-report'
import type { PolicyReport } from '@/server/services/limits/policy-report'
import type { Scope } from '@/server/services/scope.schema'
import { subjectText } from './limit-words'

type Subject = PolicyReport['subjects'][number]
type Props = {
  policy: ListedPolicy
  report: Parameters<typeof panelState>[0] & { data: PolicyReport | undefined }
  scope: Scope
}

/** Who asked most of a limit, and who is refused right now. */
export function SubjectsPanel({ policy, report, scope }: Props) {
  const mayChange = useMayChange()
  const [resetting, setResetting] = useState<Subject | null>(null)
  const data = report.data?.id === policy.id ? report.data : undefined
  const subjects = data?.subjects ?? []
  const state = panelState(report, 'the subjects', {
    empty: data?.subjects.length === 0 && {
      title: 'Nobody asked in this range.',
      hint: 'Applications ask POST /v1/limits/:policy/consume before they work.',
    },
  })
  return (
    <Panel
      title="Top subjects"
      memory="redis"
      badge={policy.name}
      source={
        data && {
          stores: ['postgres'],
          from: 'limit_counts',
          window: windowText(scope, data.asOf),
          asOf: data.asOf,
          precision: 'exact',
          detail: 'The 20 that asked for most points.',
        }
      }
      state={data || state.status !== 'ready' ? state : { status: 'loading' }}
      minHeight={150}
    >
      <DataTable
        label="Subjects"
        memory="redis"
        columns={columnsOf(subjects, mayChange ? setResetting : null)}
        rows={subjects}
        rowKey={subjectText}
        defaultSort={{ key: 'admitted', descending: true }}
        maxHeight={420}
      />
      {resetting && <ResetSubject policy={policy} subject={resetting} onClose={() => setResetting(null)} />}
    </Panel>
  )
}

function columnsOf(subjects: Subject[], reset: ((subject: Subject) => void) | null): DataColumn<Subject>[] {
  const most = Math.max(1, ...subjects.map(({ admitted, refused }) => admitted + refused))
  const action: DataColumn<Subject>[] = reset
    ? [
        {
          key: 'reset',
          header: '',
          numeric: true,
          cell: (row) => (
            <Button
              variant="ghost"
              className="-my-1"
              onClick={() => reset(row)}
              aria-label={`Reset ${subjectText(row)}`}
            >
              Reset
            </Button>
          ),
        },
      ]
    : []
  return [
    {
      key: 'subject',
      header: 'Subject',
      cell: (row) => (
        <>
          <MonoCell>{subjectText(row)}</MonoCell> {row.limited && <Chip tone="warn">limited now</Chip>}
        </>
      ),
      sortBy: subjectText,
    },
    {
      key: 'admitted',
      header: 'Admitted',
      numeric: true,
      cell: ({ admitted }) => <CountCell value={admitted} compact />,
      sortBy: ({ admitted }) => admitted,
    },
    {
      key: 'refused',
      header: 'Refused',
      numeric: true,
      cell: ({ refused }) => <CountCell value={refused} compact />,
      sortBy: ({ refused }) => refused,
    },
    {
      key: 'share',
      header: '',
      wideOnly: true,
      cell: ({ admitted, refused }) => <BarCell share={(admitted + refused) / most} memory="redis" />,
    },
    ...action,
  ]
}

function ResetSubject({ policy, subject, onClose }: { policy: ListedPolicy; subject: Subject; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const reset = useMutation(
    trpc.limits.reset.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.limits.pathFilter())
        toast.done(`${subjectText(subject)} has all points of ${policy.name} again`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Reset ${subjectText(subject)}`}
      description={`Gives back all points of ${policy.name}, in Redis and in Postgres. What was counted stays.`}
      confirmLabel="Reset counter"
      pending={reset.isPending}
      error={reset.error?.message}
      onConfirm={() => reset.mutate({ policyId: policy.id, tenant: subject.tenant, subject: subject.subject })}
    />
  )
}

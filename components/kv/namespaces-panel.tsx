'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CountCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { toast } from '@/components/feedback/toaster'
import { windowText } from '@/components/overview/window-text'
import { useTRPC } from '@/components/shell/trpc'
import { MemoryBadge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { KvReport, ListedNamespace } from '@/server/services/kv/kv-report'
import type { Scope } from '@/server/services/scope.schema'
import { memoryOf, moveText, storeNames, verdictText } from './kv-words'
import { MoveDialog } from './move-dialog'

type Props = { report: Parameters<typeof panelState>[0] & { data: KvReport | undefined }; scope: Scope }

export function NamespacesPanel({ report, scope }: Props) {
  const mayChange = useMayChange()
  const cancel = useCancelMove()
  const [moving, setMoving] = useState<ListedNamespace | null>(null)
  const { data } = report
  const state = panelState(report, 'the namespaces', {
    empty: data?.namespaces.length === 0 && {
      title: 'No application keeps values yet.',
      hint: 'The first value of a namespace registers it, in a logged table of Postgres. Here you move it to another store, while applications go on.',
      command: `curl -X PUT $GATEWAY/v1/kv/preferences/u-42 -H "authorization: Bearer $KEY" -H 'content-type: application/json' -d '{"value":{"theme":"dark"}}'`,
    },
  })
  return (
    <Panel
      title="Namespaces"
      source={
        data && {
          stores: ['postgres'],
          from: 'kv_namespaces, kv_counts',
          window: windowText(scope, data.asOf),
          asOf: data.asOf,
          precision: 'exact',
          detail:
            'Calls are counted by the gateways. The peak is the busiest second; of several gateways their busiest seconds within one minute, added.',
        }
      }
      state={state}
      minHeight={180}
    >
      <DataTable
        label="Namespaces"
        columns={columnsOf(mayChange ? { move: setMoving, cancel } : null)}
        rows={data?.namespaces ?? []}
        rowKey={({ name }) => name}
        defaultSort={{ key: 'peak', descending: true }}
      />
      {moving && <MoveDialog namespace={moving} onClose={() => setMoving(null)} />}
    </Panel>
  )
}

function useCancelMove() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const cancel = useMutation(
    trpc.kv.cancelMove.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries(trpc.kv.pathFilter())
        toast.done(`${name} stays where it was`)
      },
      onError: ({ message }) => toast.failed(message),
    }),
  )
  return ({ name }: ListedNamespace) => cancel.mutate({ name })
}

type Changes = { move: (namespace: ListedNamespace) => void; cancel: (namespace: ListedNamespace) => void }

function columnsOf(changes: Changes | null): DataColumn<ListedNamespace>[] {
  const action: DataColumn<ListedNamespace>[] = changes
    ? [{ key: 'action', header: '', numeric: true, cell: (row) => <Action namespace={row} {...changes} /> }]
    : []
  return [
    { key: 'name', header: 'Namespace', cell: ({ name }) => <MonoCell>{name}</MonoCell>, sortBy: ({ name }) => name },
    { key: 'store', header: 'Lives in', cell: (row) => <Where namespace={row} />, sortBy: ({ store }) => store },
    {
      key: 'reads',
      header: 'Reads',
      numeric: true,
      wideOnly: true,
      cell: ({ reads }) => <CountCell value={reads} compact />,
      sortBy: ({ reads }) => reads,
    },
    {
      key: 'writes',
      header: 'Writes',
      hint: 'Deletions included',
      numeric: true,
      wideOnly: true,
      cell: ({ writes, deletes }) => <CountCell value={writes + deletes} compact />,
      sortBy: ({ writes, deletes }) => writes + deletes,
    },
    {
      key: 'peak',
      header: 'Peak/s',
      hint: 'Calls of the busiest second',
      numeric: true,
      cell: ({ peakPerSecond }) => <CountCell value={peakPerSecond} compact />,
      sortBy: ({ peakPerSecond }) => peakPerSecond,
    },
    {
      key: 'verdict',
      header: 'Does it need Redis?',
      cell: (row) => <span className="block max-w-96 min-w-48 whitespace-normal">{verdictText(row)}</span>,
    },
    ...action,
  ]
}

function Where({ namespace }: { namespace: ListedNamespace }) {
  const { store, phase, problem } = namespace
  return (
    <span className="block max-w-64 whitespace-normal">
      <MemoryBadge memory={memoryOf(store)}>{storeNames[store]}</MemoryBadge>
      {phase !== 'settled' && (
        <span role="status" className="block text-sm text-muted">
          moves {moveText(namespace)}
        </span>
      )}
      {problem !== null && <span className="block text-sm text-bad">{problem}</span>}
    </span>
  )
}

function Action({ namespace, move, cancel }: { namespace: ListedNamespace } & Changes) {
  const { name, phase, mayCancel } = namespace
  if (phase === 'settled')
    return (
      <Button variant="ghost" className="-my-1" aria-label={`Move ${name}`} onClick={() => move(namespace)}>
        Move
      </Button>
    )
  return mayCancel ? (
    <Button
      variant="ghost"
      className="-my-1"
      aria-label={`Cancel the move of ${name}`}
      onClick={() => cancel(namespace)}
    >
      Cancel
    </Button>
  ) : null
}

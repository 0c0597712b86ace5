'use client'

import { useState } from 'react'
import { CountCell, MissingCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { MemoryBadge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import type { ListedSessionNamespace, SessionsReport } from '@/server/services/sessions/sessions-report'
import { MoveSessionsDialog, NewNamespaceDialog } from './namespace-dialogs'
import { lostWith, memoryOf, moveText, storeNames } from './store-words'
import { useNamespaces } from './use-namespaces'

type Props = { state: PanelState; report: SessionsReport | undefined; mayChange: boolean }

/** Which sessions live in Redis and which in a table, and what is lost with either. */
export function SessionNamespacesPanel({ state, report, mayChange }: Props) {
  const [making, setMaking] = useState(false)
  const [moving, setMoving] = useState<ListedSessionNamespace | null>(null)
  const changes = useNamespaces()
  const none = report?.namespaces.length === 0
  const empty: PanelState = {
    status: 'empty',
    title: 'Every session lives in Redis.',
    hint: 'A namespace takes the sessions whose id begins with its name and a colon, such as carts:4711. Its sessions can live in an unlogged table of Postgres instead: same page, same calls.',
  }
  return (
    <>
      <Panel
        title="Namespaces"
        source={
          report && {
            stores: ['postgres'],
            from: 'session_namespaces, sessions_unlogged',
            asOf: report.asOf,
            precision: 'exact',
          }
        }
        actions={mayChange && <Button onClick={() => setMaking(true)}>New namespace</Button>}
        state={state.status === 'ready' && none ? empty : state}
        minHeight={120}
      >
        <DataTable
          label="Namespaces"
          columns={[
            ...columns,
            ...(mayChange
              ? [actionColumn({ move: setMoving, cancel: changes.cancel.mutate, remove: changes.remove.mutate })]
              : []),
          ]}
          rows={report?.namespaces ?? []}
          rowKey={({ name }) => name}
        />
      </Panel>
      {making && <NewNamespaceDialog onClose={() => setMaking(false)} />}
      {moving && <MoveSessionsDialog namespace={moving} onClose={() => setMoving(null)} />}
    </>
  )
}

const columns: DataColumn<ListedSessionNamespace>[] = [
  { key: 'name', header: 'Namespace', cell: ({ name }) => <MonoCell>{name}:</MonoCell> },
  { key: 'store', header: 'Lives in', cell: (row) => <Where namespace={row} /> },
  {
    key: 'live',
    header: 'In the table',
    hint: 'Live sessions',
    numeric: true,
    cell: ({ inTable, store, phase }) =>
      store === 'redis' && phase === 'settled' ? (
        <MissingCell why="it lives in Redis, whose index knows no namespaces: filter the list" />
      ) : (
        <CountCell value={inTable} />
      ),
  },
  {
    key: 'lost',
    header: 'What is lost',
    cell: ({ store }) => <span className="block max-w-112 min-w-48 whitespace-normal">{lostWith[store]}</span>,
    wideOnly: true,
  },
]

function Where({ namespace }: { namespace: ListedSessionNamespace }) {
  const { store, phase, problem } = namespace
  return (
    <span className="block max-w-64 whitespace-normal">
      <MemoryBadge memory={memoryOf(store)}>{storeNames[store]}</MemoryBadge>
      {phase !== 'settled' && (
        <span role="status" className="block text-sm text-muted">
          {moveText(namespace)}
        </span>
      )}
      {problem !== null && <span className="block text-sm text-bad">{problem}</span>}
    </span>
  )
}

type Changes = {
  move: (namespace: ListedSessionNamespace) => void
  cancel: (which: { name: string }) => void
  remove: (which: { name: string }) => void
}

function actionColumn({ move, cancel, remove }: Changes): DataColumn<ListedSessionNamespace> {
  const button = (label: string, name: string, onClick: () => void) => (
    <Button variant="ghost" className="-my-1" aria-label={`${label} ${name}`} onClick={onClick}>
      {label}
    </Button>
  )
  return {
    key: 'action',
    header: '',
    numeric: true,
    cell: (namespace) => {
      const { name, phase, store } = namespace
      if (phase === 'preparing') return button('Cancel', name, () => cancel({ name }))
      if (phase === 'moving') return null
      return (
        <>
          {store === 'redis' && button('Remove', name, () => remove({ name }))}
          {button('Move', name, () => move(namespace))}
        </>
      )
    },
  }
}

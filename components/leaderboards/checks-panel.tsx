import { CountCell, MissingCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { Chip } from '@/components/ui/chip'
import type { ShownCheck } from '@/server/services/leaderboards/list-boards'
import { differs, driftText } from './board-words'

/** The history of comparisons and rebuilds, newest first. */
export function ChecksPanel({ checks, asOf }: { checks: ShownCheck[]; asOf: string }) {
  return (
    <Panel
      title="Redis against the ledger"
      memory="postgres"
      source={{
        stores: ['redis', 'postgres'],
        from: 'leaderboard_checks',
        asOf,
        precision: 'exact',
        detail: 'Compared in steps of at most 500 members, each as of one moment, while scores go on.',
      }}
      state={
        checks.length === 0
          ? {
              status: 'empty',
              title: 'Not compared yet.',
              hint: 'A new board is compared within half a minute; “Check now” does it at once.',
            }
          : { status: 'ready' }
      }
      minHeight={120}
    >
      <DataTable
        label="Comparisons"
        columns={columns}
        rows={checks}
        rowKey={({ id }) => String(id)}
        alreadySorted
        maxHeight={300}
      />
    </Panel>
  )
}

const kinds = { check: 'compared', reconcile: 'reconciled', rebuild: 'rebuilt' } as const

const columns: DataColumn<ShownCheck>[] = [
  {
    key: 'kind',
    header: 'What',
    cell: ({ kind, askedBy, queuedAt }) => (
      <>
        {kinds[kind]} <span className="text-muted">for {askedBy}</span>{' '}
        <span className="text-muted">
          <Age at={queuedAt} />
        </span>
      </>
    ),
  },
  {
    key: 'result',
    header: 'Afterwards',
    cell: (row) => (
      <span className="block max-w-md whitespace-normal">
        <Result check={row} />
      </span>
    ),
  },
  {
    key: 'ledger',
    header: 'In the ledger',
    numeric: true,
    wideOnly: true,
    cell: ({ status, ledgerMembers }) =>
      status === 'done' ? <CountCell value={ledgerMembers} /> : <MissingCell why="not counted" />,
  },
  {
    key: 'redis',
    header: 'In Redis',
    numeric: true,
    wideOnly: true,
    cell: ({ status, redisMembers }) =>
      status === 'done' ? <CountCell value={redisMembers} /> : <MissingCell why="not counted" />,
  },
]

function Result({ check }: { check: ShownCheck }) {
  const { status, progress, error } = check
  if (status === 'queued') return <Chip>waits for the worker</Chip>
  if (status === 'running') return <Chip>{`${count(progress)} members so far`}</Chip>
  if (status === 'failed')
    return (
      <>
        <Chip tone="warn">failed</Chip> <span className="text-sm text-muted">{error}</span>
      </>
    )
  if (differs(check) === 0) return <Chip tone="ok">agrees</Chip>
  return (
    <>
      <Chip tone="bad">{`${count(differs(check))} differ`}</Chip>{' '}
      <span className="text-sm text-muted">{driftText(check)}</span>
    </>
  )
}

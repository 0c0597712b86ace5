import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import type { FlagPage } from '@/server/services/flags/list-flags'
import { rulesText } from './flag-words'

type Change = FlagPage['changes'][number]

/** Who changed what, newest first. */
export function FlagChanges({ changes, asOf }: { changes: Change[]; asOf: string }) {
  return (
    <Panel
      title="Who changed what"
      memory="postgres"
      source={{ stores: ['postgres'], from: 'flag_changes', asOf, precision: 'exact' }}
      state={{ status: 'ready' }}
      minHeight={100}
    >
      <DataTable
        label="Changes of the flag"
        columns={columns}
        rows={changes}
        rowKey={({ revision, at }) => `${revision} ${at}`}
        alreadySorted
        maxHeight={320}
      />
    </Panel>
  )
}

const told = (rules: Change['after']) => (rules === null ? 'nothing' : rulesText(rules))

const columns: DataColumn<Change>[] = [
  { key: 'revision', header: '#', numeric: true, cell: ({ revision }) => count(revision) },
  {
    key: 'what',
    header: 'Change',
    cell: ({ tenant, before, after }) => (
      <span className="block max-w-md whitespace-normal">
        <span className="text-muted">{tenant ?? 'all tenants'}:</span> {told(before)} <span aria-label="to">→</span>{' '}
        {told(after)}
      </span>
    ),
  },
  { key: 'by', header: 'By', cell: ({ by }) => <TextCell>{by}</TextCell> },
  {
    key: 'reason',
    header: 'Reason',
    wideOnly: true,
    cell: ({ reason }) => <TextCell muted>{reason ?? 'none given'}</TextCell>,
  },
  { key: 'at', header: 'When', numeric: true, cell: ({ at }) => <Age at={at} /> },
]

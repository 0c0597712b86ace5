import { CountCell, MissingCell, TextCell, TimeCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { Chip } from '@/components/ui/chip'
import type { ErasureOf, ErasuresReport } from '@/server/services/tenants/erasures'
import { policies, totalOf } from './erasure-families'

type Props = {
  report: ErasuresReport | undefined
  state: PanelState
  timezone: string
  shown: string | null
  onShow: (id: string) => void
}

/** Every erasure, newest first. */
export function ErasuresPanel({ report, state, timezone, shown, onShow }: Props) {
  return (
    <Panel
      title="Erasures"
      memory="postgres"
      edge
      source={
        report && {
          stores: ['postgres'],
          from: 'erasures',
          asOf: report.asOf,
          precision: 'exact',
          detail: 'Kept for good, with the receipt that was signed.',
        }
      }
      state={state}
      minHeight={140}
    >
      <DataTable
        label="Erasures"
        memory="postgres"
        columns={columnsOf(timezone, report?.asOf ?? '')}
        rows={report?.erasures ?? []}
        rowKey={({ id }) => id}
        onSelect={({ id }) => onShow(id)}
        selectedKey={shown}
        alreadySorted
        total={report?.total}
      />
    </Panel>
  )
}

export function ErasureState({ erasure: { state, verified } }: { erasure: Pick<ErasureOf, 'state' | 'verified'> }) {
  if (state === 'failed') return <Chip tone="bad">failed</Chip>
  if (state !== 'done') return <Chip tone="warn">under way</Chip>
  return verified ? <Chip tone="ok">verified</Chip> : <Chip tone="bad">written to meanwhile</Chip>
}

const columnsOf = (timezone: string, now: string): DataColumn<ErasureOf>[] => [
  { key: 'tenant', header: 'Tenant', cell: ({ slug }) => <TextCell>{slug}</TextCell> },
  { key: 'state', header: 'State', cell: (erasure) => <ErasureState erasure={erasure} /> },
  {
    key: 'at',
    header: 'Asked for',
    cell: ({ requestedAt }) => <TimeCell at={requestedAt} timezone={timezone} now={now} />,
  },
  { key: 'by', header: 'By', cell: ({ requestedBy }) => <TextCell muted>{requestedBy}</TextCell> },
  {
    key: 'usage',
    header: 'Usage',
    cell: ({ usage }) => <TextCell muted>{policies.find(({ value }) => value === usage)?.past}</TextCell>,
  },
  {
    key: 'erased',
    header: 'Erased',
    hint: 'Keys of Redis and rows of Postgres',
    numeric: true,
    cell: ({ receipt }) => (receipt ? <CountCell value={totalOf(receipt)} /> : <MissingCell why="it did not end" />),
  },
]

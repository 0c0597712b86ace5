'use client'

import { MissingCell, MoneyCell, MonoCell, PercentCell, TimeCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { servedText } from '@/components/format/served'
import { useLinks } from '@/components/overview/use-links'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { useSavings } from './savings-params'
import { savingsSources } from './sources'

type Row = SavingsReport['rewarming']['activations'][number]

const missRate = ({ calls, misses }: Row['before']) => (calls === 0 ? null : misses / calls)

/** What each activation made the models answer again; it leads to the activation. */
export function RewarmingPanel({ report, state }: { report: SavingsReport | undefined; state: PanelState }) {
  const { input } = useSavings()
  const { activationLink } = useLinks()
  const { timezone } = input
  const columns: DataColumn<Row>[] = [
    { key: 'name', header: 'Activation', cell: (row) => <MonoCell>{`${row.name} ${servedText(row)}`}</MonoCell> },
    { key: 'at', header: 'When', cell: ({ at }) => <TimeCell at={at} timezone={timezone} now={report?.asOf ?? at} /> },
    {
      key: 'before',
      header: 'Misses before',
      numeric: true,
      cell: ({ before }) => <PercentCell ratio={missRate(before)} missing="no calls" />,
      wideOnly: true,
    },
    {
      key: 'after',
      header: 'Misses after',
      numeric: true,
      cell: ({ after }) => <PercentCell ratio={missRate(after)} missing="no calls" />,
      wideOnly: true,
    },
    {
      key: 'cost',
      header: 'Re-warming, estimate',
      numeric: true,
      cell: ({ costUsd, missing }) =>
        costUsd === null ? <MissingCell why={missing ?? 'not known'} /> : <MoneyCell usd={costUsd} />,
    },
  ]
  return (
    <Panel
      title="Re-warming after activations"
      memory="postgres"
      note="estimate, an hour before against an hour after"
      source={report && savingsSources(input, report).rewarming}
      state={state}
      minHeight={80}
    >
      {report && (
        <DataTable
          label="Re-warming after activations"
          columns={columns}
          rows={report.rewarming.activations}
          rowKey={({ name, channel, revision }) => JSON.stringify([name, channel, revision])}
          rowHref={activationLink}
          empty={report.rewarming.total.missing ?? 'No prompt with cached answers was activated in this range.'}
        />
      )}
    </Panel>
  )
}

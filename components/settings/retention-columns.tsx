import { BytesCell, CountCell, MissingCell, MonoCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { isoDay } from '@/components/format/instant'
import type { UsageRetention } from '@/server/services/usage/usage-retention'

type Month = UsageRetention['months'][number]

/** As 2026-11: months are those of UTC, whatever the console's time zone. */
export const monthName = ({ month }: Pick<Month, 'month'>) => new Date(month).toISOString().slice(0, 7)

export const retentionColumns: DataColumn<Month>[] = [
  { key: 'month', header: 'Month', cell: (row) => <MonoCell>{monthName(row)}</MonoCell> },
  {
    key: 'calls',
    header: 'Calls',
    hint: "About as many, by Postgres' own statistics; counted where they were dropped",
    numeric: true,
    cell: ({ rows }) =>
      rows === null ? <MissingCell why="Postgres has not looked at this month yet" /> : <CountCell value={rows} />,
  },
  {
    key: 'size',
    header: 'Size',
    hint: 'With indexes',
    numeric: true,
    cell: ({ bytes }) => (bytes === null ? <MissingCell why="not known" /> : <BytesCell value={bytes} />),
    wideOnly: true,
  },
  { key: 'state', header: 'Calls one by one', numeric: true, cell: (row) => <State month={row} /> },
]

function State({ month: { dueAt, droppedAt } }: { month: Month }) {
  if (droppedAt !== null) return <TextCell muted>dropped on {isoDay(droppedAt, 'UTC')}</TextCell>
  if (dueAt !== null) return <span className="text-warn-ink">go after {isoDay(dueAt, 'UTC')}</span>
  return <TextCell muted>kept</TextCell>
}

import { CountCell, MissingCell, TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Age } from '@/components/feedback/age'
import { Chip } from '@/components/ui/chip'
import type { ListedBoard } from '@/server/services/leaderboards/list-boards'
import { standingOf } from './board-words'

export const boardColumns: DataColumn<ListedBoard>[] = [
  {
    key: 'name',
    header: 'Board',
    cell: (row) => (
      <span className="block max-w-72">
        <TextCell>{row.name}</TextCell>
        <span className="block truncate text-sm text-muted">
          {row.tenant ?? 'all tenants'} · {row.closedAt ? (row.settledAt ? 'final' : 'closing') : row.mode}
        </span>
      </span>
    ),
    sortBy: ({ name }) => name,
  },
  {
    key: 'standing',
    header: 'Against its ledger',
    cell: (row) => {
      const { tone, text, detail } = standingOf(row)
      return (
        <span className="block max-w-72 whitespace-normal">
          <Chip tone={tone}>{text}</Chip>
          {detail && <span className="block text-sm text-muted">{detail}</span>}
        </span>
      )
    },
    sortBy: (row) => standingOf(row).text,
  },
  {
    key: 'members',
    header: 'Members',
    hint: 'By the ledger',
    numeric: true,
    cell: ({ members }) => <CountCell value={members} compact />,
    sortBy: ({ members }) => members,
  },
  {
    key: 'scores',
    header: 'Scores',
    hint: 'Events in the ledger; below them those that Redis accepted and the ledger was not told of yet',
    numeric: true,
    cell: (row) => (
      <>
        <CountCell value={row.lastSeq} compact />
        {row.ranking !== null && row.ranking.pending > 0 && (
          <span className="block text-sm text-muted">+{row.ranking.pending} pending</span>
        )}
      </>
    ),
    sortBy: ({ lastSeq }) => lastSeq,
  },
  {
    key: 'last',
    header: 'Last score',
    numeric: true,
    cell: ({ lastScoredAt }) => (lastScoredAt ? <Age at={lastScoredAt} /> : <MissingCell why="no score yet" />),
    sortBy: ({ lastScoredAt }) => lastScoredAt,
  },
  {
    key: 'compared',
    header: 'Compared',
    numeric: true,
    wideOnly: true,
    cell: ({ check }) => (check?.finishedAt ? <Age at={check.finishedAt} /> : <MissingCell why="not compared yet" />),
    sortBy: ({ check }) => check?.finishedAt ?? null,
  },
]

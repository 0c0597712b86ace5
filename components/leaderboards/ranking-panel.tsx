import { MissingCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { Select } from '@/components/ui/select'
import type { BoardView } from '@/server/services/leaderboards/board-page'
import { PlaceCell } from './around-member'
import { tops } from './board-params'
import { scoreText } from './score-text'

type Row = BoardView['ranking'][number]
type Props = {
  data: BoardView
  state: PanelState
  top: number
  onTop: (top: number) => void
  onMember: (member: string) => void
}

export function RankingPanel({ data, state, top, onTop, onMember }: Props) {
  const { source, movedSince, members } = data
  return (
    <Panel
      title="Ranking"
      memory={source}
      edge
      source={{
        stores: source === 'redis' ? ['redis', 'postgres'] : ['postgres'],
        from: source === 'redis' ? 'ZREVRANGE; rank() and dense_rank() of the ledger' : 'leaderboard_scores',
        asOf: data.asOf,
        precision: 'exact',
        detail:
          'Redis orders ties by member, last byte value first, and gives each a place of its own. rank() leaves gaps after ties, dense_rank() does not.',
      }}
      actions={
        <Select
          label="How many"
          value={String(top)}
          onValueChange={(value) => onTop(Number(value))}
          options={[...new Set([...tops, top])]
            .sort((a, b) => a - b)
            .map((n) => ({ value: String(n), label: `first ${n}` }))}
        />
      }
      state={
        state.status === 'ready' && data.ranking.length === 0
          ? {
              status: 'empty',
              title: 'Nobody has scored yet.',
              hint: 'The first score of an application appears here at once.',
            }
          : state
      }
      minHeight={280}
    >
      <DataTable
        label="Ranking"
        memory={source}
        columns={columnsOf(movedSince)}
        rows={data.ranking}
        rowKey={({ member }) => member}
        onSelect={({ member }) => onMember(member)}
        alreadySorted
        total={members}
        maxHeight={620}
        note={
          movedSince ? (
            <>
              moved since <Age at={movedSince} />
            </>
          ) : (
            'movement shows after five minutes of scores'
          )
        }
      />
    </Panel>
  )
}

const columnsOf = (movedSince: string | null): DataColumn<Row>[] => [
  {
    key: 'member',
    header: 'Place and member',
    cell: (row) => <PlaceCell {...row} />,
  },
  { key: 'score', header: 'Score', numeric: true, cell: ({ score }) => scoreText(score) },
  {
    key: 'moved',
    header: 'Moved',
    numeric: true,
    cell: (row) => <Moved row={row} since={movedSince} />,
  },
  {
    key: 'sql',
    header: 'rank()',
    hint: 'As SQL ranks the ledger: ties share a rank, and gaps follow',
    numeric: true,
    wideOnly: true,
    cell: ({ sqlRank }) => (sqlRank === null ? <MissingCell why="not among the ledger's first" /> : count(sqlRank)),
  },
  {
    key: 'dense',
    header: 'dense_rank()',
    hint: 'As SQL ranks the ledger: ties share a rank, without gaps',
    numeric: true,
    wideOnly: true,
    cell: ({ denseRank }) =>
      denseRank === null ? <MissingCell why="not among the ledger's first" /> : count(denseRank),
  },
]

function Moved({ row: { rank, before }, since }: { row: Row; since: string | null }) {
  if (since === null) return <MissingCell why="not written down long enough" />
  if (before === null) return <span className="text-muted">new</span>
  if (before === rank) return <span className="text-muted">same</span>
  const places = Math.abs(before - rank)
  return before > rank ? (
    <span className="text-ok-ink">
      <span aria-hidden>▲ </span>
      <span className="sr-only">up </span>
      {places}
    </span>
  ) : (
    <span className="text-muted">
      <span aria-hidden>▼ </span>
      <span className="sr-only">down </span>
      {places}
    </span>
  )
}

import { TextCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { DataTable } from '@/components/data-table/data-table'
import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import type { BoardView } from '@/server/services/leaderboards/board-page'
import { scoreText } from './score-text'

/** The newest of the ledger, and what it has not been told of yet. */
export function EventsPanel({ data: { events, board, asOf } }: { data: BoardView }) {
  const { ranking, lateRepeats } = board
  const notes = [
    ranking && ranking.pending > 0 && `${count(ranking.pending)} accepted by Redis and not here yet`,
    ranking && ranking.behind > 0 && `${count(ranking.behind)} here and not in Redis yet`,
    lateRepeats > 0 && `${count(lateRepeats)} repeats that Redis had counted were taken back`,
  ].filter((note) => typeof note === 'string')
  return (
    <Panel
      title="Ledger"
      memory="postgres"
      source={{ stores: ['postgres'], from: 'leaderboard_events', asOf, precision: 'exact' }}
      state={
        events.length === 0
          ? { status: 'empty', title: 'The ledger is empty.', hint: 'Every score that counts stands here, once.' }
          : { status: 'ready' }
      }
      minHeight={120}
    >
      <DataTable
        label="Newest scores"
        memory="postgres"
        columns={columns}
        rows={events}
        rowKey={({ id }) => id}
        alreadySorted
        total={board.lastSeq}
        note={notes.join('; ')}
      />
    </Panel>
  )
}

type Row = BoardView['events'][number]
const columns: DataColumn<Row>[] = [
  { key: 'seq', header: '#', numeric: true, width: '4rem', cell: ({ seq }) => count(seq) },
  { key: 'member', header: 'Member', cell: ({ member }) => <TextCell>{member}</TextCell> },
  {
    key: 'delta',
    header: 'Added',
    numeric: true,
    cell: ({ delta }) => `${Number(delta) > 0 ? '+' : ''}${scoreText(Number(delta))}`,
  },
  { key: 'id', header: 'Event', wideOnly: true, cell: ({ id }) => <TextCell muted>{id}</TextCell> },
  { key: 'way', header: 'Came', wideOnly: true, cell: ({ live }) => (live ? 'through Redis' : 'to the ledger first') },
  { key: 'at', header: 'Written', numeric: true, cell: ({ at }) => <Age at={at} /> },
]

import { BytesCell, CountCell, MissingCell, MonoCell } from '@/components/data-table/cells'
import type { DataColumn } from '@/components/data-table/column'
import { Until } from '@/components/feedback/until'
import type { ForeignPlace } from '@/server/services/leaderboards/foreign/foreign-board-page'
import type { ListedForeignBoard } from '@/server/services/leaderboards/foreign/list-foreign-boards'
import { PlaceCell } from './around-member'
import { foreignScoreText } from './score-text'

export const foreignBoardColumns: DataColumn<ListedForeignBoard>[] = [
  { key: 'name', header: 'Board', cell: ({ name }) => <MonoCell>{name}</MonoCell>, sortBy: ({ name }) => name },
  {
    key: 'members',
    header: 'Members',
    numeric: true,
    cell: ({ members }) => <CountCell value={members} compact />,
    sortBy: ({ members }) => members,
  },
  {
    key: 'highest',
    header: 'Highest',
    cell: ({ highest }) =>
      highest ? (
        <span className="block max-w-72 truncate">
          {highest.member} <span className="text-muted">with {foreignScoreText(highest.score)}</span>
        </span>
      ) : (
        <MissingCell why="its members are too large to be read here" />
      ),
    wideOnly: true,
  },
  {
    key: 'size',
    header: 'Size',
    hint: 'As Redis estimates it from five members',
    numeric: true,
    cell: ({ bytes }) => (bytes === null ? <MissingCell why="this Redis does not say" /> : <BytesCell value={bytes} />),
    sortBy: ({ bytes }) => bytes,
    wideOnly: true,
  },
  {
    key: 'expires',
    header: 'Ends',
    cell: ({ expiresAt }) =>
      expiresAt === null ? <span className="text-muted">never by itself</span> : <Until at={expiresAt} />,
    sortBy: ({ expiresAt }) => expiresAt ?? '9',
    wideOnly: true,
  },
]

export const foreignPlaceColumns: DataColumn<ForeignPlace>[] = [
  {
    key: 'member',
    header: 'Place and member',
    cell: (row) => <PlaceCell {...row} />,
  },
  { key: 'score', header: 'Score', numeric: true, cell: ({ score }) => foreignScoreText(score) },
]

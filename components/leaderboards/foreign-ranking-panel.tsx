import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { Button } from '@/components/ui/button'
import { Segmented } from '@/components/ui/segmented'
import type { ForeignBoardView } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { PLACES } from '@/server/services/leaderboards/foreign/foreign-boards.schema'
import { useForeignBoard } from './foreign-board-params'
import { foreignPlaceColumns } from './foreign-columns'

/** The places, a page at a time. */
export function ForeignRankingPanel({ data, state }: { data: ForeignBoardView; state: PanelState }) {
  const { page, lowest, setParams } = useForeignBoard()
  const { ranking, members, most } = data
  const pages = Math.ceil(members / PLACES)
  return (
    <Panel
      title="Ranking"
      memory="redis"
      edge
      source={{
        stores: ['redis'],
        from: lowest ? 'ZRANGE, 50 places' : 'ZREVRANGE, 50 places',
        asOf: data.asOf,
        precision: 'exact',
        detail: 'Redis orders ties by the bytes of the member and gives each a place of its own.',
      }}
      actions={
        <Segmented
          label="Order"
          value={lowest ? 'lowest' : 'highest'}
          onValueChange={(value) => void setParams({ lowest: value === 'lowest', page: 0 })}
          options={[
            { value: 'highest', label: 'Highest first' },
            { value: 'lowest', label: 'Lowest first' },
          ]}
        />
      }
      state={state}
      minHeight={280}
    >
      <DataTable
        label="Ranking"
        memory="redis"
        columns={foreignPlaceColumns}
        rows={ranking}
        rowKey={({ id }) => id}
        onSelect={({ id }) => void setParams({ member: id })}
        alreadySorted
        maxHeight={620}
        empty={
          most === 0
            ? 'Its members are too large to be read without slowing this Redis down.'
            : 'There are not so many places.'
        }
        note={
          most > 0 && most < PLACES
            ? `Its members are large: the first ${count(most)} of each ${PLACES} places are read.`
            : undefined
        }
      />
      {pages > 1 && (
        <div className="flex flex-wrap items-center gap-2 border-t border-line px-3.5 py-2 text-sm text-muted">
          <span className="flex-1">
            places {count(page * PLACES + 1)} to {count(Math.min(members, (page + 1) * PLACES))} of {count(members)}
          </span>
          <Button disabled={page === 0} onClick={() => void setParams({ page: page - 1 })}>
            Before
          </Button>
          <Button disabled={page + 1 >= pages} onClick={() => void setParams({ page: page + 1 })}>
            Next
          </Button>
        </div>
      )}
    </Panel>
  )
}

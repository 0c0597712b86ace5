import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { textOf } from '@/components/redis-keys/key-words'
import { keyOfText } from '@/components/redis-keys/keys-params'
import type { ForeignBoardView } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { FindMember, Neighbours } from './around-member'
import { useForeignBoard } from './foreign-board-params'
import { foreignScoreText } from './score-text'

/** One member among its neighbours. */
export function ForeignPlacePanel({ data: { place, around, members, asOf } }: { data: ForeignBoardView }) {
  const { member, lowest, setParams } = useForeignBoard()
  const own = around.find(({ id }) => id === member)
  return (
    <Panel
      title="Around a member"
      memory="redis"
      source={{
        stores: ['redis'],
        from: lowest ? 'ZRANK, ZRANGE' : 'ZREVRANK, ZREVRANGE',
        asOf,
        precision: 'exact',
      }}
      state={{ status: 'ready' }}
      minHeight={120}
    >
      <div className="grid gap-2 px-3.5 pb-3">
        <FindMember
          onFind={(typed) => void setParams({ member: typed === null ? null : keyOfText(typed) })}
          placeholder="Member, exactly"
          title="\n and \x00 mean these bytes"
          defaultValue={member === null ? '' : textOf(member)}
        />
        {place !== null && (
          <>
            <p>
              Place {count(place)} of {count(members)}
              {own && ` with ${foreignScoreText(own.score)}`}
            </p>
            <Neighbours
              of={around.map(({ id, rank, member: name, score }) => ({
                ...{ id, rank, name, own: id === member },
                score: foreignScoreText(score),
              }))}
            />
          </>
        )}
        {place === null && (
          <p className="text-muted wrap-anywhere">
            {member === null
              ? 'Choose somebody in the ranking, or type a member.'
              : `${textOf(member, 200)} has no score here.`}
          </p>
        )}
      </div>
    </Panel>
  )
}

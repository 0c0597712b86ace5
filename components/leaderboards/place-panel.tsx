import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import type { BoardView } from '@/server/services/leaderboards/board-page'
import { FindMember, Neighbours } from './around-member'
import { scoreText } from './score-text'

type Props = { data: BoardView; member: string | null; onMember: (member: string | null) => void }

/** One member among its neighbours. */
export function PlacePanel({ data: { place, asOf, source }, member, onMember }: Props) {
  return (
    <Panel
      title="Around a member"
      memory={place?.source ?? source}
      source={{
        stores: [place?.source ?? source],
        from: 'ZREVRANK, ZREVRANGE; rank() of the ledger',
        asOf,
        precision: 'exact',
      }}
      state={{ status: 'ready' }}
      minHeight={120}
    >
      <div className="grid gap-2 px-3.5 pb-3">
        <FindMember onFind={onMember} placeholder="Member" defaultValue={member ?? ''} />
        {place ? (
          <>
            <p>
              Place {count(place.rank)} of {count(place.members)} with {scoreText(place.score)}
              {place.sqlRank !== null && (
                <span className="text-muted">
                  {' '}
                  · rank() {count(place.sqlRank)} · dense_rank() {count(place.denseRank ?? 0)}
                </span>
              )}
            </p>
            <Neighbours
              of={place.neighbours.map((one) => ({
                ...one,
                id: one.member,
                name: one.member,
                score: scoreText(one.score),
                own: one.member === place.member,
              }))}
            />
          </>
        ) : (
          <p className="text-muted">
            {member === null ? 'Choose somebody in the ranking, or type a member.' : `${member} has no score here.`}
          </p>
        )}
      </div>
    </Panel>
  )
}

import type { FormEvent } from 'react'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import type { BoardView } from '@/server/services/leaderboards/board-page'
import { scoreText } from './score-text'

type Props = { data: BoardView; member: string | null; onMember: (member: string | null) => void }

/** One member among its neighbours. */
export function PlacePanel({ data: { place, asOf, source }, member, onMember }: Props) {
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onMember(String(new FormData(event.currentTarget).get('member') ?? '') || null)
  }
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
        <form key={member} onSubmit={find} className="flex gap-2">
          <Input
            name="member"
            aria-label="Member"
            placeholder="Member"
            defaultValue={member ?? ''}
            className="min-w-0 flex-1"
          />
          <Button type="submit">Find</Button>
        </form>
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
            <ol aria-label="Neighbours">
              {place.neighbours.map((one) => (
                <li
                  key={one.member}
                  aria-current={one.member === place.member || undefined}
                  className={cn(
                    'flex gap-2 rounded-sm px-1.5 py-0.5',
                    one.member === place.member && 'bg-sunken font-medium',
                  )}
                >
                  <span className="w-12 shrink-0 text-right text-muted tabular-nums">{count(one.rank)}</span>
                  <span className="min-w-0 flex-1 truncate">{one.member}</span>
                  <span className="tabular-nums">{scoreText(one.score)}</span>
                </li>
              ))}
            </ol>
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

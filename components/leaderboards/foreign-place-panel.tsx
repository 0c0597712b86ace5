import type { FormEvent } from 'react'
import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import { textOf } from '@/components/redis-keys/key-words'
import { keyOfText } from '@/components/redis-keys/keys-params'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import type { ForeignBoardView } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { useForeignBoard } from './foreign-board-params'
import { foreignScoreText } from './score-text'

/** One member among its neighbours. */
export function ForeignPlacePanel({ data: { place, around, members, asOf } }: { data: ForeignBoardView }) {
  const { member, lowest, setParams } = useForeignBoard()
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('member') ?? '')
    void setParams({ member: typed === '' ? null : keyOfText(typed) })
  }
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
        <form key={member} onSubmit={find} className="flex gap-2">
          <Input
            name="member"
            aria-label="Member"
            placeholder="Member, exactly"
            title="\n and \x00 mean these bytes"
            defaultValue={member === null ? '' : textOf(member)}
            className="min-w-0 flex-1"
            autoComplete="off"
          />
          <Button type="submit">Find</Button>
        </form>
        {place !== null && (
          <>
            <p>
              Place {count(place)} of {count(members)}
              {own && ` with ${foreignScoreText(own.score)}`}
            </p>
            <ol aria-label="Neighbours">
              {around.map(({ id, rank, member: name, score }) => (
                <li
                  key={id}
                  aria-current={id === member || undefined}
                  className={cn('flex gap-2 rounded-sm px-1.5 py-0.5', id === member && 'bg-sunken font-medium')}
                >
                  <span className="w-12 shrink-0 text-right text-muted tabular-nums">{count(rank)}</span>
                  <span className="min-w-0 flex-1 truncate">{name}</span>
                  <span className="tabular-nums">{foreignScoreText(score)}</span>
                </li>
              ))}
            </ol>
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

import { Panel } from '@/components/feedback/panel'
import { count } from '@/components/format/count'
import type { ForeignBoardView } from '@/server/services/leaderboards/foreign/foreign-board-page'
import { ScoreBars } from './score-bars'
import { foreignScoreText } from './score-text'

/** How many members score how much, in stretches of the same length. */
export function ForeignSpreadPanel({ data: { spread, asOf } }: { data: ForeignBoardView }) {
  const { low, high, counts, below, above } = spread
  const infinite = [below > 0 && `${count(below)} at −∞`, above > 0 && `${count(above)} at ∞`].filter(Boolean)
  return (
    <Panel
      title="Scores"
      memory="redis"
      source={{
        stores: ['redis'],
        from: 'ZCOUNT of twenty stretches between the lowest and the highest finite score',
        asOf,
        precision: 'exact',
      }}
      state={
        low === null
          ? {
              status: 'empty',
              title: 'No finite scores.',
              hint: infinite.length > 0 ? `${infinite.join(', ')}.` : 'Nobody is on this board.',
            }
          : { status: 'ready' }
      }
      minHeight={130}
    >
      {low !== null && high !== null && (
        <>
          <ScoreBars low={low} high={high} counts={counts} textOf={(score) => foreignScoreText(String(score))} />
          {infinite.length > 0 && <p className="px-3.5 pb-3 text-sm text-muted">besides {infinite.join(', ')}</p>}
        </>
      )}
    </Panel>
  )
}

import { Panel } from '@/components/feedback/panel'
import type { BoardView } from '@/server/services/leaderboards/board-page'
import { ScoreBars } from './score-bars'
import { scoreText } from './score-text'

/** How many members score how much, in stretches of the same length. */
export function DistributionPanel({ data: { distribution, asOf } }: { data: BoardView }) {
  const edges = distribution?.edges ?? []
  return (
    <Panel
      title="Scores"
      memory="redis"
      source={{
        stores: ['redis'],
        from: 'ZCOUNT of twenty stretches between the lowest and the highest score',
        asOf,
        precision: 'exact',
      }}
      state={
        distribution
          ? { status: 'ready' }
          : {
              status: 'empty',
              title: 'No scores to be counted in Redis.',
              hint: 'They are counted from the live ranking: it is empty, or Redis does not answer right now.',
            }
      }
      minHeight={130}
    >
      {distribution && (
        <ScoreBars low={edges[0] ?? 0} high={edges.at(-1) ?? 0} counts={distribution.counts} textOf={scoreText} />
      )}
    </Panel>
  )
}

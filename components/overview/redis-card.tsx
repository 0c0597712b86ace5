import { Sparkline } from '@/components/charts/sparkline'
import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactCount } from '@/components/format/count'
import { pointsText } from '@/components/format/delta'
import { durationLong } from '@/components/format/duration'
import { percent } from '@/components/format/percent'
import { Stat } from '@/components/ui/stat'
import type { Overview } from '@/server/services/overview/overview'
import { FigureGrid } from './figure-grid'
import { pointsOf } from './points'
import { EvictionsStat, KeysStat, MemoryStat, OperationsStat, RedisStat } from './redis-stats'
import { infoSource, lookupsSource, sessionsSource } from './sources'
import { changeText } from './window-text'

const FELL_POINTS = 0.1

/** Redis over the range: what it did by its own counts, and where it stood at the end. */
export function RedisCard({
  state,
  data,
  window,
  before,
}: {
  state: PanelState
  data: Overview | undefined
  window: string
  before: string
}) {
  return (
    <Panel
      title="Short-term memory"
      memory="redis"
      badge={data?.redis.last?.version}
      edge
      note={data?.redis.last && `up ${durationLong(data.redis.last.uptimeSeconds * 1000)}`}
      state={state}
      minHeight={230}
    >
      {data && <RedisFigures data={data} window={window} before={before} />}
    </Panel>
  )
}

function RedisFigures({ data, window, before }: { data: Overview; window: string; before: string }) {
  const { redis, axis, tenant } = data
  const { last, during, before: earlier } = redis
  const range = { redis, axis, window }
  return (
    <FigureGrid>
      <HitRate data={data} window={window} before={before} />
      <OperationsStat range={range} label="Operations" />
      <MemoryStat range={range} />
      <EvictionsStat range={range} />
      <KeysStat range={range} />
      <RedisStat
        range={range}
        label={tenant === null ? 'Live sessions' : 'Live sessions, all tenants'}
        measured={last}
        figure={({ liveSessions }) => compactCount(liveSessions)}
        source={sessionsSource}
        remark={
          during.liveSessions !== null && earlier.liveSessions !== null
            ? changeText(during.liveSessions, earlier.liveSessions, before)
            : undefined
        }
        series="liveSessions"
      />
    </FigureGrid>
  )
}

/** All tenants: Redis' own counts. One tenant: its answer cache, for INFO cannot tell tenants apart. */
function HitRate({ data, window, before }: { data: Overview; window: string; before: string }) {
  const { redis, answers, axis, tenant } = data
  const [now, was] = answers ? [answers.hitRate, answers.hitRateBefore] : [redis.during.hitRate, redis.before.hitRate]
  const common = { window, asOf: answers ? data.asOf : redis.last?.at }
  const source = answers
    ? lookupsSource(common, `the answer cache of ${tenant}`)
    : infoSource(common, 'Δ keyspace_hits ÷ Δ (keyspace_hits + keyspace_misses)')
  return (
    <Stat
      label={answers ? 'Hit rate, answer cache' : 'Hit rate'}
      value={<FigureValue figure={percent(now, `no look-ups in the ${window}`)} source={source} />}
      remark={
        now === null || was === null ? (
          now !== null && `nothing in ${before}`
        ) : (
          <>
            <span className={was - now >= FELL_POINTS ? 'text-bad' : undefined}>{pointsText(now, was)}</span> points on{' '}
            {before}
          </>
        )
      }
    >
      <Sparkline points={pointsOf(axis, answers?.series ?? redis.series.hitRate)} memory="redis" format="percent" />
    </Stat>
  )
}

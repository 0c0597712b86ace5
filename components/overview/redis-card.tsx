import { Sparkline } from '@/components/charts/sparkline'
import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { bytes, bytesText } from '@/components/format/bytes'
import { compactCount, compactRate } from '@/components/format/count'
import { pointsText } from '@/components/format/delta'
import { durationLong } from '@/components/format/duration'
import { missingFigure, shortDecimal } from '@/components/format/figure'
import { percent } from '@/components/format/percent'
import { Stat } from '@/components/ui/stat'
import type { Overview } from '@/server/services/overview/overview'
import { FigureGrid } from './figure-grid'
import { pointsOf } from './points'
import { infoSource, levelSource, lookupsSource, sessionsSource } from './sources'
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
  const { last, during, series } = redis
  const common = { window, asOf: last?.at }
  const noSample = missingFigure(`no sample of Redis in the ${window}`)
  const line = (values: (number | null)[], format: 'count' | 'percent' | 'bytes') => (
    <Sparkline points={pointsOf(axis, values)} memory="redis" format={format} />
  )
  return (
    <FigureGrid>
      <HitRate data={data} window={window} before={before} />
      <Stat
        label="Operations"
        value={
          <FigureValue
            figure={during.commandsPerSecond === null ? noSample : compactRate(during.commandsPerSecond, 's')}
            source={infoSource(common, 'Δ total_commands_processed ÷ seconds, Engram’s own included')}
          />
        }
        remark={
          during.microsecondsPerCommand === null
            ? undefined
            : `${shortDecimal(during.microsecondsPerCommand)} µs each, on average`
        }
      >
        {line(series.commandsPerSecond, 'count')}
      </Stat>
      <Stat
        label="Memory"
        value={
          <FigureValue figure={last ? bytes(last.usedMemoryBytes) : noSample} source={levelSource(common, 'memory')} />
        }
        remark={last && (last.maxMemoryBytes > 0 ? `of ${bytesText(last.maxMemoryBytes)}` : 'no limit set')}
      >
        {line(series.usedMemoryBytes, 'bytes')}
      </Stat>
      <Stat
        label="Evictions"
        value={
          <FigureValue
            figure={during.evicted === null ? noSample : compactCount(during.evicted)}
            source={infoSource(common, 'Σ Δ evicted_keys')}
          />
        }
        remark={last && `policy ${last.maxMemoryPolicy}`}
      >
        {line(series.evictedPerSecond, 'count')}
      </Stat>
      <Stat
        label="Keys"
        value={
          <FigureValue figure={last ? compactCount(last.keys) : noSample} source={levelSource(common, 'keyspace')} />
        }
        remark={last && last.keys > 0 && `${percent(last.expiringKeys / last.keys).value} % expire`}
      >
        {line(series.keys, 'count')}
      </Stat>
      <Stat
        label={tenant === null ? 'Live sessions' : 'Live sessions, all tenants'}
        value={
          <FigureValue figure={last ? compactCount(last.liveSessions) : noSample} source={sessionsSource(common)} />
        }
        remark={
          during.liveSessions !== null && redis.before.liveSessions !== null
            ? changeText(during.liveSessions, redis.before.liveSessions, before)
            : undefined
        }
      >
        {line(series.liveSessions, 'count')}
      </Stat>
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

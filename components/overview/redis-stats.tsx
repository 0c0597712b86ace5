import type { ReactNode } from 'react'
import { Sparkline } from '@/components/charts/sparkline'
import { FigureValue } from '@/components/feedback/figure-value'
import type { Source } from '@/components/feedback/source-note'
import { bytes, bytesText } from '@/components/format/bytes'
import { compactCount, compactRate } from '@/components/format/count'
import { type Figure, missingFigure, shortDecimal } from '@/components/format/figure'
import { percentText } from '@/components/format/percent'
import { Stat } from '@/components/ui/stat'
import type { RedisSide } from '@/server/services/cache/redis-side'
import type { Axis } from '@/server/services/clock'
import { pointsOf } from './points'
import { infoSource, levelSource } from './sources'

/** What the figures of the instance are read from: a range, its name and its time axis. */
export type RedisRange = { redis: Pick<RedisSide, 'last' | 'during' | 'series'>; axis: Axis; window: string }

type Series = keyof RedisSide['series']

/** One figure of the instance with its course; a figure that was not measured says so (R12). */
export function RedisStat<Value>({
  range: { redis, axis, window },
  label,
  measured,
  figure,
  source,
  remark,
  series,
}: {
  range: RedisRange
  label: string
  measured: Value | null | undefined
  figure: (measured: Value) => Figure
  source: (common: { window: string; asOf?: string | null }) => Source
  remark?: ReactNode
  series: Series
}) {
  const missing = missingFigure(`no sample of Redis in the ${window}`)
  return (
    <Stat
      label={label}
      value={
        <FigureValue
          figure={measured === null || measured === undefined ? missing : figure(measured)}
          source={source({ window, asOf: redis.last?.at })}
        />
      }
      remark={remark}
    >
      <Sparkline
        points={pointsOf(axis, redis.series[series])}
        memory="redis"
        format={series === 'usedMemoryBytes' ? 'bytes' : 'count'}
      />
    </Stat>
  )
}

export function OperationsStat({ range, label }: { range: RedisRange; label: string }) {
  const { commandsPerSecond, microsecondsPerCommand: each } = range.redis.during
  return (
    <RedisStat
      range={range}
      label={label}
      measured={commandsPerSecond}
      figure={(perSecond) => compactRate(perSecond, 's')}
      source={(common) =>
        infoSource(
          common,
          'Δ total_commands_processed ÷ seconds, Engram’s own included; the time of one is Δ usec ÷ Δ commands',
        )
      }
      remark={each === null ? undefined : `${shortDecimal(each)} µs each, on average`}
      series="commandsPerSecond"
    />
  )
}

export function MemoryStat({ range }: { range: RedisRange }) {
  const { last } = range.redis
  return (
    <RedisStat
      range={range}
      label="Memory"
      measured={last}
      figure={({ usedMemoryBytes }) => bytes(usedMemoryBytes)}
      source={(common) => levelSource(common, 'memory')}
      remark={
        last &&
        (last.maxMemoryBytes > 0
          ? `${percentText(last.usedMemoryBytes / last.maxMemoryBytes)} of ${bytesText(last.maxMemoryBytes)}`
          : 'no limit set')
      }
      series="usedMemoryBytes"
    />
  )
}

export function EvictionsStat({ range }: { range: RedisRange }) {
  const { last, during } = range.redis
  return (
    <RedisStat
      range={range}
      label="Evictions"
      measured={during.evicted}
      figure={compactCount}
      source={(common) => infoSource(common, 'Σ Δ evicted_keys')}
      remark={last && `policy ${last.maxMemoryPolicy}`}
      series="evictedPerSecond"
    />
  )
}

export function KeysStat({ range }: { range: RedisRange }) {
  const { last } = range.redis
  return (
    <RedisStat
      range={range}
      label="Keys"
      measured={last}
      figure={({ keys }) => compactCount(keys)}
      source={(common) => levelSource(common, 'keyspace')}
      remark={last && last.keys > 0 ? `${percentText(last.expiringKeys / last.keys)} expire` : undefined}
      series="keys"
    />
  )
}

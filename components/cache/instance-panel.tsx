import { Sparkline } from '@/components/charts/sparkline'
import { FigureValue } from '@/components/feedback/figure-value'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { bytes, bytesText } from '@/components/format/bytes'
import { compactCount, compactRate } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { missingFigure, shortDecimal } from '@/components/format/figure'
import { percentText } from '@/components/format/percent'
import { pointsOf } from '@/components/overview/points'
import { infoSource, levelSource } from '@/components/overview/sources'
import { changeText } from '@/components/overview/window-text'
import { Stat, Stats } from '@/components/ui/stat'
import type { CacheReport } from '@/server/services/cache/cache-report'

/** What the instance has room for and how hard it works; of all tenants, for INFO knows none. */
export function InstancePanel({
  state,
  data,
  window,
  before,
}: {
  state: PanelState
  data: CacheReport | undefined
  window: string
  before: string
}) {
  const last = data?.redis.last
  return (
    <Panel
      title="The instance"
      memory="redis"
      badge={last?.version}
      note={last && aboutInstance(last)}
      state={state}
      minHeight={108}
    >
      {data && <InstanceFigures {...{ data, window, before }} />}
    </Panel>
  )
}

function InstanceFigures({ data, window, before }: { data: CacheReport; window: string; before: string }) {
  const { last, during, before: earlier, series } = data.redis
  const common = { window, asOf: last?.at }
  const noSample = missingFigure(`no sample of Redis in the ${window}`)
  const line = (values: (number | null)[], format: 'count' | 'bytes') => (
    <Sparkline points={pointsOf(data.axis, values)} memory="redis" format={format} />
  )
  return (
    <Stats className="max-lg:grid-cols-2 max-lg:sm:grid-flow-row max-lg:sm:auto-cols-auto max-lg:sm:grid-cols-3">
      <Stat
        label="Memory"
        value={
          <FigureValue figure={last ? bytes(last.usedMemoryBytes) : noSample} source={levelSource(common, 'memory')} />
        }
        remark={
          last &&
          (last.maxMemoryBytes > 0
            ? `${percentText(last.usedMemoryBytes / last.maxMemoryBytes)} of ${bytesText(last.maxMemoryBytes)}`
            : 'no limit set')
        }
      >
        {line(series.usedMemoryBytes, 'bytes')}
      </Stat>
      <Stat
        label="Evicted"
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
        label="Expired"
        value={
          <FigureValue
            figure={during.expired === null ? noSample : compactCount(during.expired)}
            source={infoSource(common, 'Σ Δ expired_keys')}
          />
        }
        remark={
          during.expired !== null && earlier.expired !== null
            ? changeText(during.expired, earlier.expired, before)
            : undefined
        }
      >
        {line(series.expiredPerSecond, 'count')}
      </Stat>
      <Stat
        label="Commands"
        value={
          <FigureValue
            figure={during.commandsPerSecond === null ? noSample : compactRate(during.commandsPerSecond, 's')}
            source={infoSource(common, 'Δ total_commands_processed ÷ seconds; the time of one is Δ usec ÷ Δ commands')}
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
        label="Keys"
        value={
          <FigureValue figure={last ? compactCount(last.keys) : noSample} source={levelSource(common, 'keyspace')} />
        }
        remark={last && last.keys > 0 ? `${percentText(last.expiringKeys / last.keys)} expire` : undefined}
      >
        {line(series.keys, 'count')}
      </Stat>
      <Stat
        label="Clients"
        value={
          <FigureValue figure={last ? compactCount(last.clients) : noSample} source={levelSource(common, 'clients')} />
        }
        remark={during.clients === null ? undefined : `${shortDecimal(during.clients)} on average`}
      >
        {line(series.clients, 'count')}
      </Stat>
    </Stats>
  )
}

function aboutInstance(last: NonNullable<CacheReport['redis']['last']>): string {
  const { fragmentationRatio, uptimeSeconds, appendOnly } = last
  const fragmentation = fragmentationRatio === null ? [] : [`fragmentation ${shortDecimal(fragmentationRatio)}`]
  const file = appendOnly ? 'append-only file' : 'no append-only file'
  return [...fragmentation, file, `up ${durationLong(uptimeSeconds * 1000)}`].join(' · ')
}

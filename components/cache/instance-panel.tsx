import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactCount } from '@/components/format/count'
import { durationLong } from '@/components/format/duration'
import { shortDecimal } from '@/components/format/figure'
import { EvictionsStat, KeysStat, MemoryStat, OperationsStat, RedisStat } from '@/components/overview/redis-stats'
import { infoSource, levelSource } from '@/components/overview/sources'
import { changeText } from '@/components/overview/window-text'
import { Stats } from '@/components/ui/stat'
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
  const { last, during, before: earlier } = data.redis
  const range = { redis: data.redis, axis: data.axis, window }
  return (
    <Stats className="max-lg:grid-cols-2 max-lg:sm:grid-flow-row max-lg:sm:auto-cols-auto max-lg:sm:grid-cols-3">
      <MemoryStat range={range} />
      <EvictionsStat range={range} />
      <RedisStat
        range={range}
        label="Expired"
        measured={during.expired}
        figure={compactCount}
        source={(common) => infoSource(common, 'Σ Δ expired_keys')}
        remark={
          during.expired !== null && earlier.expired !== null
            ? changeText(during.expired, earlier.expired, before)
            : undefined
        }
        series="expiredPerSecond"
      />
      <OperationsStat range={range} label="Commands" />
      <KeysStat range={range} />
      <RedisStat
        range={range}
        label="Clients"
        measured={last}
        figure={({ clients }) => compactCount(clients)}
        source={(common) => levelSource(common, 'clients')}
        remark={during.clients === null ? undefined : `${shortDecimal(during.clients)} on average`}
        series="clients"
      />
    </Stats>
  )
}

function aboutInstance(last: NonNullable<CacheReport['redis']['last']>): string {
  const { fragmentationRatio, uptimeSeconds, appendOnly } = last
  const fragmentation = fragmentationRatio === null ? [] : [`fragmentation ${shortDecimal(fragmentationRatio)}`]
  const file = appendOnly ? 'append-only file' : 'no append-only file'
  return [...fragmentation, file, `up ${durationLong(uptimeSeconds * 1000)}`].join(' · ')
}

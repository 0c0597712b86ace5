'use client'

import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { compactRate } from '@/components/format/count'
import { figureText } from '@/components/format/figure'
import { gapsOf } from '@/components/overview/gap-text'
import { blamedBy, marksOf } from '@/components/overview/points'
import { infoSource } from '@/components/overview/sources'
import { useLinks } from '@/components/overview/use-links'
import { useScope } from '@/components/shell/search-params'
import { Skeleton } from '@/components/ui/skeleton'
import type { CacheReport } from '@/server/services/cache/cache-report'
import { differenceText, hitRateSeries } from './hit-rate-series'

/** The hit rate over time: Redis' own counts beside what the gateways counted exactly. */
export function HitRatePanel({
  state,
  data,
  window,
}: {
  state: PanelState
  data: CacheReport | undefined
  window: string
}) {
  const { scope, setParams } = useScope()
  const { activationLink: href } = useLinks()
  const clock = { timezone: scope.timezone, now: data?.asOf ?? '' }
  return (
    <Panel
      title="Hit rate"
      memory="redis"
      badge="Redis INFO, Δ 5 s"
      source={infoSource(
        { window, asOf: data?.redis.last?.at },
        'hits ÷ (hits + misses) per bucket; the answer cache and its parts are exact, from cache_lookups',
      )}
      note={noteOf(data)}
      state={state}
      minHeight={268}
      skeleton={<Skeleton className="mx-3.5 mb-3 h-64" />}
    >
      {data && (
        <>
          <TimeSeries
            label="Hit rate"
            from={data.axis.from}
            to={data.axis.to}
            timezone={scope.timezone}
            series={hitRateSeries(data)}
            kind="line"
            format="percent"
            markers={marksOf(data.marks, data.redis.restarts, { blamed: blamedBy(data.verdicts), href })}
            gaps={gapsOf(data.redis.gaps, clock)}
            live={data.live}
            onZoom={(from, to) =>
              void setParams({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
            }
          />
          <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">{differenceText(data)}</p>
        </>
      )}
    </Panel>
  )
}

function noteOf(data: CacheReport | undefined) {
  const perSecond = data?.redis.during.lookupsPerSecond
  return `hits ÷ (hits + misses), windowed${perSecond == null ? '' : ` · ${figureText(compactRate(perSecond, 's'))} look-ups`}`
}

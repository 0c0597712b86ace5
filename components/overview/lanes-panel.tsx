'use client'

import { Lanes } from '@/components/charts/lanes'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { useScope } from '@/components/shell/search-params'
import { Skeleton } from '@/components/ui/skeleton'
import type { Overview } from '@/server/services/overview/overview'
import { gapsOf } from './gap-text'
import { lanesOf } from './lanes-of'
import { blamedBy, marksOf } from './points'
import { useLinks } from './use-links'

const MINUTE_MS = 60_000
const LANES_HEIGHT = 396

/** What happened, on one clock: the series of both memories with activations through all of them. */
export function LanesPanel({ state, data }: { state: PanelState; data: Overview | undefined }) {
  const { scope, setParams } = useScope()
  const { activationLink: href } = useLinks()
  const zoom = (from: number, to: number) =>
    void setParams({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
  return (
    <Panel
      title="What happened, on one clock"
      note={data && <span className="max-sm:hidden">drag to zoom · click a marker to compare</span>}
      state={state}
      minHeight={LANES_HEIGHT}
      skeleton={<Skeleton className="mx-3.5 mb-3 h-[calc(100%-12px)]" />}
    >
      {data && (
        <Lanes
          from={data.axis.from}
          to={data.axis.to}
          timezone={scope.timezone}
          lanes={lanesOf(data, (data.axis.to - data.axis.from) / MINUTE_MS)}
          markers={marksOf(data.marks, data.redis.restarts, { blamed: blamedBy(data.verdicts), href })}
          gaps={gapsOf(data.redis.gaps, { timezone: scope.timezone, now: data.asOf })}
          live={data.live}
          onZoom={zoom}
        />
      )}
    </Panel>
  )
}

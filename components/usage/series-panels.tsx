'use client'

import { useMemo } from 'react'
import type { Marker, Series } from '@/components/charts/chart'
import type { ChartKind } from '@/components/charts/prepare-time-series'
import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import type { Source } from '@/components/feedback/source-note'
import type { ValueKind } from '@/components/format/value'
import { marksOf } from '@/components/overview/points'
import { usageSource } from '@/components/overview/sources'
import { useLinks } from '@/components/overview/use-links'
import { windowText } from '@/components/overview/window-text'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { errorText } from './latency-error'
import {
  cacheSeries,
  costSeries,
  errorSeries,
  latencySeries,
  requestSeries,
  spanOf,
  stepText,
  tokenSeries,
} from './prepare-usage'
import { useUsage } from './search-params'
import { latencySourceOf } from './sources'

type Props = { usage: UsageSeries | undefined; state: PanelState }
type Chart = {
  title: string
  format: ValueKind
  kind?: ChartKind
  prepare: (usage: UsageSeries) => Series[]
  detail?: string
}

const charts: Chart[] = [
  { title: 'Requests', format: 'count', prepare: requestSeries },
  { title: 'Tokens', format: 'count', prepare: tokenSeries },
  { title: 'Latency', format: 'ms', kind: 'line', prepare: latencySeries },
  {
    title: 'Error rate',
    format: 'percent',
    kind: 'line',
    prepare: errorSeries,
    detail: '(errors + timeouts) ÷ requests; a gap where nothing was asked.',
  },
]

/** What was spent over time, on one clock, with the activations that may explain a step; each leads to its impact. */
export function SeriesPanels({ usage, state }: Props) {
  const { activationLink } = useLinks()
  const marks = usage ? marksOf(usage.marks, [], { blamed: new Set(), href: activationLink }) : []
  return (
    <>
      <SeriesPanel
        title="Cost"
        format="money"
        prepare={costSeries}
        detail="Unpriced calls are left out."
        {...{ usage, state, marks }}
      />
      <div className="grid min-w-0 gap-4 lg:grid-cols-2">
        {charts.map((chart) => (
          <SeriesPanel key={chart.title} {...chart} {...{ usage, state, marks }} />
        ))}
      </div>
      <SeriesPanel
        title="Cache hit rate"
        format="percent"
        kind="line"
        prepare={cacheSeries}
        detail="Own cache: calls answered by it ÷ requests. Provider: cached input tokens ÷ input tokens. Both counted call by call."
        {...{ usage, state, marks }}
      />
    </>
  )
}

function SeriesPanel({
  title,
  format,
  kind = 'bars',
  prepare,
  detail = 'Every call is counted: a stretch without a bar had none.',
  usage,
  state,
  marks,
}: Props & Chart & { marks: Marker[] }) {
  const { scope, setParams } = useUsage()
  const series = useMemo(() => (usage ? prepare(usage) : []), [usage, prepare])
  const source = (): Source | undefined => {
    if (!usage) return undefined
    const common = { window: windowText(scope, usage.asOf), asOf: usage.asOf }
    return format === 'ms' ? latencySourceOf({ ...common, exact: usage.latencyExact }) : usageSource(common, detail)
  }
  return (
    <Panel
      title={title}
      memory="postgres"
      note={usage && `per ${stepText[usage.step]}${format === 'ms' && !usage.latencyExact ? ` · ${errorText}` : ''}`}
      source={source()}
      state={state}
      minHeight={250}
    >
      {usage && (
        <TimeSeries
          label={title}
          {...spanOf(usage)}
          timezone={scope.timezone}
          kind={kind}
          format={format}
          series={series}
          markers={marks}
          onZoom={(from, to) =>
            void setParams({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
          }
        />
      )}
    </Panel>
  )
}

'use client'

import { useMemo } from 'react'
import type { Marker, Series } from '@/components/charts/chart'
import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import type { ValueKind } from '@/components/format/value'
import { marksOf } from '@/components/overview/points'
import { usageSource } from '@/components/overview/sources'
import { useLinks } from '@/components/overview/use-links'
import { windowText } from '@/components/overview/window-text'
import type { UsageSeries } from '@/server/services/usage/usage-series'
import { costSeries, requestSeries, spanOf, stepText, tokenSeries } from './prepare-usage'
import { useUsage } from './search-params'

type Props = { usage: UsageSeries | undefined; state: PanelState }

/** Cost, requests and tokens over time, on one clock, with the activations that may explain a step. */
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
        <SeriesPanel title="Requests" format="count" prepare={requestSeries} {...{ usage, state, marks }} />
        <SeriesPanel title="Tokens" format="count" prepare={tokenSeries} {...{ usage, state, marks }} />
      </div>
    </>
  )
}

function SeriesPanel({
  title,
  format,
  prepare,
  detail = 'Every call is counted: a stretch without a bar had none.',
  usage,
  state,
  marks,
}: Props & {
  title: string
  format: ValueKind
  prepare: (usage: UsageSeries) => Series[]
  detail?: string
  marks: Marker[]
}) {
  const { scope, setParams } = useUsage()
  const series = useMemo(() => (usage ? prepare(usage) : []), [usage, prepare])
  return (
    <Panel
      title={title}
      memory="postgres"
      note={usage && `per ${stepText[usage.step]}`}
      source={usage && usageSource({ window: windowText(scope, usage.asOf), asOf: usage.asOf }, detail)}
      state={state}
      minHeight={250}
    >
      {usage && (
        <TimeSeries
          label={title}
          {...spanOf(usage)}
          timezone={scope.timezone}
          kind="bars"
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

'use client'

import { useMemo } from 'react'
import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { marksOf } from '@/components/overview/points'
import { useLinks } from '@/components/overview/use-links'
import { spanOf, stepText } from '@/components/usage/prepare-usage'
import type { SavingsReport } from '@/server/services/usage/savings/savings-report'
import { useSavings } from './savings-params'
import { savingsSources } from './sources'

/** Gross savings on the page's clock, with the activations that may explain a dip. */
export function SavedOverTime({ report, state }: { report: SavingsReport | undefined; state: PanelState }) {
  const { input, setParams } = useSavings()
  const { activationLink } = useLinks()
  const marks = report ? marksOf(report.marks, [], { blamed: new Set(), href: activationLink }) : []
  const series = useMemo(() => {
    const points = report?.buckets.map(({ start, saved }) => ({ t: start, v: saved && Number(saved.savedUsd) })) ?? []
    return [{ key: 'saved', label: 'Saved, gross', memory: 'redis' as const, points }]
  }, [report])
  return (
    <Panel
      title="Saved over time"
      memory="postgres"
      note={report && `gross, per ${stepText[report.step]}`}
      source={report && savingsSources(input, report).gross}
      state={state}
      minHeight={250}
    >
      {report && (
        <TimeSeries
          label="Saved over time"
          {...spanOf(report)}
          timezone={input.timezone}
          kind="bars"
          format="money"
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

'use client'

import { useMemo } from 'react'
import { TimeSeries } from '@/components/charts/time-series'
import type { Marker, Series } from '@/components/charts/chart'
import { Panel } from '@/components/feedback/panel'
import { panelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { durationText } from '@/components/format/duration'
import { pointsOf } from '@/components/overview/points'
import { windowText } from '@/components/overview/window-text'
import type { AgainstUsage } from '@/server/services/limits/against-usage'
import type { ListedPolicy } from '@/server/services/limits/limits-report'
import type { PolicyReport } from '@/server/services/limits/policy-report'
import type { Scope } from '@/server/services/scope.schema'
import { subjectNames, termsText } from './limit-words'

type Props = {
  policy: ListedPolicy
  report: Parameters<typeof panelState>[0] & { data: PolicyReport | undefined }
  scope: Scope
}

/** What was asked of a limit over time, with its changes as markers, and what usage says of its decisions. */
export function AskedPanel({ policy, report, scope }: Props) {
  const data = report.data?.id === policy.id ? report.data : undefined
  const { series, markers } = useMemo(() => ({ series: seriesOf(data), markers: markersOf(data) }), [data])
  return (
    <Panel
      title={`${policy.name}: asked`}
      memory="redis"
      badge="counted by the gateways"
      note={termsText(policy)}
      source={
        data && {
          stores: ['postgres'],
          from: 'limit_counts',
          window: windowText(scope, data.asOf),
          asOf: data.asOf,
          precision: 'exact',
          detail: `Calls per ${durationText(data.stepSeconds * 1000)}. Markers are changes of the limit (limit_policy_history).`,
        }
      }
      state={data ? { status: 'ready' } : panelState(report, `what was asked of ${policy.name}`)}
      minHeight={230}
    >
      {data && (
        <>
          <TimeSeries
            label={`Asked of ${policy.name}`}
            from={data.axis.from}
            to={data.axis.to}
            timezone={scope.timezone}
            series={series}
            markers={markers}
            kind="line"
            format="count"
          />
          <p className="border-t border-line px-3.5 py-1.5 text-sm text-muted">{usageText(policy, data.usage)}</p>
        </>
      )}
    </Panel>
  )
}

const seriesOf = (data: PolicyReport | undefined): Series[] =>
  data
    ? [
        { key: 'admitted', label: 'admitted', points: pointsOf(data.axis, data.admitted), memory: 'redis' },
        { key: 'refused', label: 'refused', points: pointsOf(data.axis, data.refused), dashed: true },
      ]
    : []

const markersOf = (data: PolicyReport | undefined): Marker[] =>
  (data?.history ?? [])
    .filter(({ at }) => Date.parse(at) >= (data?.axis.from ?? 0))
    .map((entry) => ({ t: Date.parse(entry.at), label: `${entry.change}: ${termsText(entry)}` }))

/** How far the counters and what was recorded as usage agree. */
function usageText({ subject }: ListedPolicy, usage: AgainstUsage | null): string {
  if (!usage || subject === null)
    return 'Usage is not compared: the limit does not say whether its subjects are users or tenants.'
  const { calls, admitted, overAdmitted, wronglyRefused, whole } = usage
  const basis = `Against usage of the same ${subjectNames[subject]}${whole ? '' : ' (the first 200,000 minutes)'}: ${count(admitted)} admitted, ${count(calls)} model calls recorded since it says what it says now, in the last 24 hours at most.`
  const found =
    overAdmitted + wronglyRefused === 0
      ? 'Nobody made more calls than the limit allows, and nobody was refused who had room.'
      : `${count(overAdmitted)} calls above the limit; ${count(wronglyRefused)} refused although usage shows room.`
  return `${basis} ${found} One call counts as one point, by stretches of the window, of a minute at least.`
}

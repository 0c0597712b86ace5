import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { noSamples } from '@/components/overview/panel-states'
import { pointsOf } from '@/components/overview/points'
import { sessionsSource } from '@/components/overview/sources'
import { windowText } from '@/components/overview/window-text'
import type { SessionsReport } from '@/server/services/sessions/sessions-report'
import { useSessions } from './sessions-params'

/** How many sessions lived over time, of all tenants. */
export function LiveChartPanel({ state, report }: { state: PanelState; report: SessionsReport | undefined }) {
  const { scope, setParams } = useSessions()
  const empty = report && report.live.every((value) => value === null)
  const inTable = report?.liveInTable.some((value) => (value ?? 0) > 0)
  return (
    <Panel
      title="Sessions over time"
      memory="redis"
      badge={inTable ? 'Redis and Postgres' : undefined}
      note="all tenants"
      source={report && sessionsSource({ window: windowText(scope, report.asOf), asOf: report.sampledAt })}
      state={state.status === 'ready' && empty ? { status: 'empty', ...noSamples } : state}
      minHeight={220}
    >
      {report && (
        <TimeSeries
          label="Live sessions"
          from={report.axis.from}
          to={report.axis.to}
          timezone={scope.timezone}
          series={[
            ...(inTable
              ? [
                  {
                    ...{ key: 'table', label: 'in the table', memory: 'postgres' as const },
                    points: pointsOf(report.axis, report.liveInTable),
                  },
                ]
              : []),
            {
              key: 'live',
              label: inTable ? 'in Redis' : 'live sessions',
              points: pointsOf(report.axis, report.live),
              memory: 'redis',
            },
          ]}
          kind="line"
          format="count"
          onZoom={(from, to) =>
            void setParams({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
          }
        />
      )}
    </Panel>
  )
}

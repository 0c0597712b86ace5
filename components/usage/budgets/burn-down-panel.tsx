import { useMemo } from 'react'
import { TimeSeries } from '@/components/charts/time-series'
import { Panel } from '@/components/feedback/panel'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { alertText, forecastText } from './budget-words'
import { burnDownSeries, burnDownSpan } from './prepare-burn-down'

/** How a budget came to where it is, and where it leads. */
export function BurnDownPanel({ budget, asOf }: { budget: ListedBudget; asOf: string }) {
  const series = useMemo(() => burnDownSeries(budget), [budget])
  const { forecast } = budget
  const { text, detail } = forecastText(budget, asOf)
  const unit = budget.period === 'day' ? 'hours' : 'days'
  const how =
    forecast.kind === 'forecast'
      ? `Forecast: the mean of the last ${forecast.units} whole ${unit} goes on, ± t·s·√(k·(1 + k/n)), a 90 % bound on either side.`
      : 'No forecast is drawn.'
  return (
    <Panel
      title={`${budget.name}: course`}
      memory="postgres"
      note={detail ? `${text}: ${detail}` : text}
      source={{
        stores: ['postgres'],
        from: budget.key === null ? 'usage_hourly + usage_deltas' : 'llm_usage, every call of the key',
        window: 'the period that runs',
        asOf,
        precision: 'exact',
        detail: `${how} Unpriced calls are left out.`,
      }}
      state={{ status: 'ready' }}
      minHeight={230}
    >
      <TimeSeries
        label={`Spent of ${budget.name}`}
        {...burnDownSpan(budget)}
        timezone={budget.timezone}
        series={series}
        kind="line"
        format="money"
        clock="budget"
        markers={budget.alerts.map((alert) => ({
          t: Date.parse(alert.at),
          label: alertText(alert, budget, asOf),
          severity: alert.kind === 'threshold' && alert.threshold >= 100 ? 'bad' : 'warn',
        }))}
      />
    </Panel>
  )
}

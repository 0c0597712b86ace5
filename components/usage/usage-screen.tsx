'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { BreakdownPanel } from './breakdown-panel'
import { BudgetNotice } from './budgets/budget-notice'
import { FiguresBadge } from './figures-badge'
import { NoUsage } from './no-usage'
import { useUsage } from './search-params'
import { SeriesPanels } from './series-panels'
import { StepSelect } from './step-select'
import { TotalsPanel } from './totals-panel'
import { UsageTabs } from './usage-tabs'
import { useUsageState } from './use-usage-state'

/** Who spends what: totals, their parts, and their course over time, over one scope and one set of filters. */
export function UsageScreen() {
  const trpc = useTRPC()
  const { scope, by, params } = useUsage()
  const totals = useQuery(trpc.usage.totals.queryOptions(scope))
  const series = useQuery(trpc.usage.series.queryOptions({ ...scope, step: params.step }))
  const parts = useQuery(trpc.usage.breakdown.queryOptions({ ...scope, by }))
  const totalsState = useUsageState(totals, 'the totals')
  const seriesState = useUsageState(series, 'the usage over time')
  const partsState = useUsageState(parts, 'the breakdown')
  const nothing = totals.data?.during.requests === 0
  return (
    <>
      <UsageTabs>
        <FiguresBadge />
        <StepSelect usage={series.data} />
      </UsageTabs>
      <BudgetNotice tenant={scope.tenant} />
      {nothing && totals.data ? (
        <NoUsage totals={totals.data} />
      ) : (
        <>
          <TotalsPanel totals={totals.data} state={totalsState} />
          <BreakdownPanel parts={parts.data} state={partsState} />
          <SeriesPanels usage={series.data} state={seriesState} />
        </>
      )}
    </>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { UsageTabs } from '@/components/usage/usage-tabs'
import { useUsageState } from '@/components/usage/use-usage-state'
import { NetPanel } from './net-panel'
import { NoSavings } from './no-savings'
import { ProviderPanel } from './provider-panel'
import { RewarmingPanel } from './rewarming-panel'
import { SavedByPanel } from './saved-by-panel'
import { SavedOverTime } from './saved-over-time'
import { SavingsChips } from './savings-chips'
import { useSavings } from './savings-params'

/** What the answer cache saved, less what it cost; what providers' own caches saved stands apart. */
export function SavingsScreen() {
  const { input } = useSavings()
  const report = useQuery(useTRPC().savings.report.queryOptions(input))
  const state = useUsageState(report, 'the savings')
  const shared = { report: report.data, state }
  const nothing = report.data?.totals.hits === 0
  return (
    // As wide as the page, whatever the tables in it need: they scroll by themselves.
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <UsageTabs>
        <SavingsChips />
      </UsageTabs>
      {nothing ? (
        <NoSavings />
      ) : (
        <>
          <NetPanel {...shared} />
          <SavedOverTime {...shared} />
          <SavedByPanel {...shared} />
        </>
      )}
      {!nothing && <RewarmingPanel {...shared} />}
      <ProviderPanel {...shared} />
    </div>
  )
}

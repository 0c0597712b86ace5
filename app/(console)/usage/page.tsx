import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { loadUsage } from '@/components/usage/load-usage'
import { UsageScreen } from '@/components/usage/usage-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Usage' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function UsagePage({ searchParams }: Props) {
  const { scope, by, step } = await loadUsage(searchParams)
  prefetch(trpc.usage.totals.queryOptions(scope))
  prefetch(trpc.usage.series.queryOptions({ ...scope, step }))
  prefetch(trpc.usage.breakdown.queryOptions({ ...scope, by }))
  if (by === 'model') prefetch(trpc.usage.modelLatencies.queryOptions(scope))
  // What came later would push what is read, and pressed, aside.
  prefetch(trpc.usage.checks.queryOptions())
  prefetch(trpc.budgets.told.queryOptions({ tenant: scope.tenant }))
  return (
    <Page title="Usage">
      <HydrationBoundary state={await prefetched()}>
        <UsageScreen />
      </HydrationBoundary>
    </Page>
  )
}

import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { PricesScreen } from '@/components/usage/prices/prices-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Prices' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function PricesPage({ searchParams }: Props) {
  const scope = await loadScope(searchParams)
  prefetch(trpc.prices.inUse.queryOptions(scope))
  prefetch(trpc.prices.unpriced.queryOptions({ tenant: scope.tenant }))
  return (
    <Page title="Prices">
      <HydrationBoundary state={await prefetched()}>
        <PricesScreen />
      </HydrationBoundary>
    </Page>
  )
}

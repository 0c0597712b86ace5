import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { CompareScreen } from '@/components/usage/compare-screen'
import { loadUsage } from '@/components/usage/load-usage'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Compare usage' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ComparePage({ searchParams }: Props) {
  const { scope, against } = await loadUsage(searchParams)
  if (against) prefetch(trpc.usage.compare.queryOptions({ ...scope, against }))
  return (
    <Page title="Usage">
      <HydrationBoundary state={await prefetched()}>
        <CompareScreen />
      </HydrationBoundary>
    </Page>
  )
}

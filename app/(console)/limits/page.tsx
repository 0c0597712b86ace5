import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { LimitsScreen } from '@/components/limits/limits-screen'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Limits' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function LimitsPage({ searchParams }: Props) {
  prefetch(trpc.limits.report.queryOptions(await loadScope(searchParams)))
  return (
    <Page title="Limits">
      <HydrationBoundary state={await prefetched()}>
        <LimitsScreen />
      </HydrationBoundary>
    </Page>
  )
}

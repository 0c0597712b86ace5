import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { KvScreen } from '@/components/kv/kv-screen'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Key-value' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function KvPage({ searchParams }: Props) {
  prefetch(trpc.kv.report.queryOptions(await loadScope(searchParams)))
  return (
    <Page title="Key-value">
      <HydrationBoundary state={await prefetched()}>
        <KvScreen />
      </HydrationBoundary>
    </Page>
  )
}

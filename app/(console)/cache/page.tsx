import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { CacheBoard } from '@/components/cache/cache-board'
import { loadCacheParams, namespaceOf } from '@/components/cache/search-params'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Cache' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function CachePage({ searchParams }: Props) {
  const { namespace, family } = await loadCacheParams(searchParams)
  const scope = await loadScope(searchParams)
  prefetch(trpc.cache.keyspace.queryOptions(scope))
  prefetch(trpc.cache.commands.queryOptions(scope))
  prefetch(trpc.cache.report.queryOptions({ ...scope, namespace: namespaceOf(namespace), family }))
  return (
    <Page title="Cache">
      <HydrationBoundary state={await prefetched()}>
        <CacheBoard />
      </HydrationBoundary>
    </Page>
  )
}

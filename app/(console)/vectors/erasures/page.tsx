import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { ErasuresScreen } from '@/components/tenants/erasures-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Erasures' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ErasuresPage({ searchParams }: Props) {
  const { tenant } = await loadScope(searchParams)
  prefetch(trpc.tenants.erasures.queryOptions({ tenant }))
  return (
    <Page title="Erasures">
      <HydrationBoundary state={await prefetched()}>
        <ErasuresScreen />
      </HydrationBoundary>
    </Page>
  )
}

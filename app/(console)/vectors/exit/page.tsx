import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { ExitScreen } from '@/components/vectors/exit-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'When to leave pgvector' }

export default async function ExitPage() {
  prefetch(trpc.vectors.exit.queryOptions())
  return (
    <Page title="When to leave pgvector">
      <HydrationBoundary state={await prefetched()}>
        <ExitScreen />
      </HydrationBoundary>
    </Page>
  )
}

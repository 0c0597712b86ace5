import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { ModelsScreen } from '@/components/vectors/models-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Embedding models' }

export default async function ModelsPage() {
  prefetch(trpc.embedding.models.queryOptions())
  return (
    <Page title="Embedding models">
      <HydrationBoundary state={await prefetched()}>
        <ModelsScreen />
      </HydrationBoundary>
    </Page>
  )
}

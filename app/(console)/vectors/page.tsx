import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { loadVectorsParams, vectorsInput } from '@/components/vectors/vectors-params'
import { VectorsScreen } from '@/components/vectors/vectors-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Vectors' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function VectorsPage({ searchParams }: Props) {
  const params = await loadVectorsParams(searchParams)
  const { tenant } = await loadScope(searchParams)
  prefetch(trpc.vectors.list.queryOptions(vectorsInput(params, tenant)))
  return (
    <Page title="Vectors">
      <HydrationBoundary state={await prefetched()}>
        <VectorsScreen />
      </HydrationBoundary>
    </Page>
  )
}

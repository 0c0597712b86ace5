import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadListParams } from '@/components/prompts/prompt-params'
import { PromptsView } from '@/components/prompts/prompts-view'
import { loadScope } from '@/components/shell/load-scope'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Prompts' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function PromptsPage({ searchParams }: Props) {
  const { q } = await loadListParams(searchParams)
  prefetch(trpc.prompts.list.queryOptions({ search: q, scope: await loadScope(searchParams) }))
  return (
    <HydrationBoundary state={await prefetched()}>
      <PromptsView />
    </HydrationBoundary>
  )
}

import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { promptNameOf } from '@/components/prompts/prompt-href'
import { FIGURES_RANGE, loadPromptParams } from '@/components/prompts/prompt-params'
import { PromptView } from '@/components/prompts/prompt-view'
import { loadScope } from '@/components/shell/load-scope'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

type Props = {
  params: Promise<{ name: string[] }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: promptNameOf((await params).name) ?? 'Prompts' }
}

export default async function PromptPage({ params, searchParams }: Props) {
  const name = promptNameOf((await params).name)
  if (name === null) notFound()
  const { channel, activation } = await loadPromptParams(searchParams)
  prefetch(trpc.prompts.page.queryOptions({ name, channel }))
  prefetch(trpc.prompts.deliveryTimes.queryOptions({ name, channel }))
  prefetch(trpc.prompts.rollout.queryOptions({ name, channel }))
  prefetch(trpc.prompts.impact.queryOptions({ name, channel, revision: activation }))
  prefetch(trpc.prompts.versionFigures.queryOptions({ name, scope: await loadScope(searchParams, FIGURES_RANGE) }))
  return (
    <HydrationBoundary state={await prefetched()}>
      <PromptView name={name} />
    </HydrationBoundary>
  )
}

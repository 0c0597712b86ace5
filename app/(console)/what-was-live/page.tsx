import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadLiveParams, questionOf } from '@/components/what-was-live/live-params'
import { WhatWasLiveView } from '@/components/what-was-live/what-was-live-view'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'What was live' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function WhatWasLivePage({ searchParams }: Props) {
  const { question, wrong } = questionOf(await loadLiveParams(searchParams))
  if (wrong === null) prefetch(trpc.prompts.whatWasLive.queryOptions(question))
  return (
    <HydrationBoundary state={await prefetched()}>
      <WhatWasLiveView />
    </HydrationBoundary>
  )
}

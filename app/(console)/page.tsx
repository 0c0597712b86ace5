import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { OverviewBoard } from '@/components/overview/overview'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { WhatWasLiveLink } from '@/components/what-was-live/what-was-live-link'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Overview' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function OverviewPage({ searchParams }: Props) {
  prefetch(trpc.overview.read.queryOptions(await loadScope(searchParams)))
  return (
    <Page title="Overview" actions={<WhatWasLiveLink />}>
      <HydrationBoundary state={await prefetched()}>
        <OverviewBoard />
      </HydrationBoundary>
    </Page>
  )
}

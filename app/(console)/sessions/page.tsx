import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { SessionsScreen } from '@/components/sessions/sessions-screen'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Sessions' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SessionsPage({ searchParams }: Props) {
  prefetch(trpc.sessions.report.queryOptions(await loadScope(searchParams)))
  return (
    <Page title="Sessions">
      <HydrationBoundary state={await prefetched()}>
        <SessionsScreen />
      </HydrationBoundary>
    </Page>
  )
}

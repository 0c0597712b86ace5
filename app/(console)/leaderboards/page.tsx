import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { BoardsScreen } from '@/components/leaderboards/boards-screen'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Leaderboards' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function LeaderboardsPage({ searchParams }: Props) {
  const scope = await loadScope(searchParams)
  prefetch(trpc.leaderboards.list.queryOptions({ tenant: scope.tenant }))
  prefetch(trpc.leaderboards.usage.queryOptions(scope))
  return (
    <Page title="Leaderboards">
      <HydrationBoundary state={await prefetched()}>
        <BoardsScreen />
      </HydrationBoundary>
    </Page>
  )
}

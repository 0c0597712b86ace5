import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { askedOf, loadBoardParams } from '@/components/leaderboards/board-params'
import { BoardScreen } from '@/components/leaderboards/board-screen'
import { promptNameOf } from '@/components/prompts/prompt-href'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

type Props = {
  params: Promise<{ board: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: promptNameOf([(await params).board]) ?? 'Leaderboards' }
}

export default async function LeaderboardPage({ params, searchParams }: Props) {
  const name = promptNameOf([(await params).board])
  if (name === null) notFound()
  const { of, ...asked } = await loadBoardParams(searchParams)
  const board = { name, tenant: of || null }
  prefetch(trpc.leaderboards.page.queryOptions({ ...board, ...askedOf(asked) }))
  return (
    <HydrationBoundary state={await prefetched()}>
      <BoardScreen board={board} />
    </HydrationBoundary>
  )
}

import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { QuestionsScreen } from '@/components/usage/questions/questions-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Days and questions' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function QuestionsPage({ searchParams }: Props) {
  const { tenant, timezone } = await loadScope(searchParams)
  prefetch(trpc.usage.days.queryOptions({ tenant, timezone }))
  prefetch(trpc.usage.questions.queryOptions())
  return (
    <Page title="Days and questions">
      <HydrationBoundary state={await prefetched()}>
        <QuestionsScreen />
      </HydrationBoundary>
    </Page>
  )
}

import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { ConversationsScreen } from '@/components/usage/conversations/conversations-screen'
import { prefetched } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Conversations' }

export default async function ConversationsPage() {
  return (
    <Page title="Usage">
      <HydrationBoundary state={await prefetched()}>
        <ConversationsScreen />
      </HydrationBoundary>
    </Page>
  )
}

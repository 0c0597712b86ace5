import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { KeysScreen } from '@/components/redis-keys/keys-screen'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Keys' }

export default async function KeysPage() {
  prefetch(trpc.redisKeys.connections.queryOptions())
  return (
    <Page title="Keys" scoped={false}>
      <HydrationBoundary state={await prefetched()}>
        <KeysScreen />
      </HydrationBoundary>
    </Page>
  )
}

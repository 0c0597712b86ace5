import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { Page } from '@/components/shell/page'
import { RequestsScreen } from '@/components/usage/requests-screen'
import { prefetched } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Requests' }

export default async function RequestsPage() {
  return (
    <Page title="Usage">
      <HydrationBoundary state={await prefetched()}>
        <RequestsScreen />
      </HydrationBoundary>
    </Page>
  )
}

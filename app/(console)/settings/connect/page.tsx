import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { ConnectApplication } from '@/components/settings/connect-application'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Connect an application' }

export default async function ConnectPage() {
  prefetch(trpc.settings.connect.queryOptions())
  return (
    <Page title="Connect an application" scoped={false}>
      <HydrationBoundary state={await prefetched()}>
        <ConnectApplication />
      </HydrationBoundary>
    </Page>
  )
}

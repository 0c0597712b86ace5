import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { FlagsScreen } from '@/components/flags/flags-screen'
import { Page } from '@/components/shell/page'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Flags' }

type Props = { searchParams: Promise<{ flag?: string | string[] }> }

export default async function FlagsPage({ searchParams }: Props) {
  const { flag } = await searchParams
  prefetch(trpc.flags.list.queryOptions())
  if (typeof flag === 'string' && flag !== '' && flag.length <= 200)
    prefetch(trpc.flags.flag.queryOptions({ name: flag }))
  return (
    <Page title="Flags" scoped={false}>
      <HydrationBoundary state={await prefetched()}>
        <FlagsScreen />
      </HydrationBoundary>
    </Page>
  )
}

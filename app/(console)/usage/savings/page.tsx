import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadTimezone } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { loadSavingsParams, savingsInputOf } from '@/components/usage/savings/savings-params'
import { SavingsScreen } from '@/components/usage/savings/savings-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Savings' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function SavingsPage({ searchParams }: Props) {
  const input = savingsInputOf(await loadSavingsParams(searchParams), await loadTimezone())
  prefetch(trpc.savings.report.queryOptions(input))
  return (
    <Page title="Usage">
      <HydrationBoundary state={await prefetched()}>
        <SavingsScreen />
      </HydrationBoundary>
    </Page>
  )
}

import { HydrationBoundary } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { loadScope } from '@/components/shell/load-scope'
import { Page } from '@/components/shell/page'
import { BudgetsScreen } from '@/components/usage/budgets/budgets-screen'
import { prefetch, prefetched, trpc } from '@/server/console/prefetch'

export const metadata: Metadata = { title: 'Budgets' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function BudgetsPage({ searchParams }: Props) {
  const { tenant } = await loadScope(searchParams)
  prefetch(trpc.budgets.list.queryOptions({ tenant }))
  return (
    <Page title="Budgets">
      <HydrationBoundary state={await prefetched()}>
        <BudgetsScreen />
      </HydrationBoundary>
    </Page>
  )
}

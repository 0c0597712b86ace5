'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import { EmptyState } from '@/components/feedback/empty-state'
import { useTRPC } from '@/components/shell/trpc'
import { Card } from '@/components/ui/card'
import { ComparisonChoice } from './comparison-choice'
import { ComparisonPanel } from './comparison-panel'
import { againstOf, useUsage } from './search-params'
import { UsageTabs } from './usage-tabs'
import { useUsageState } from './use-usage-state'

/** The range against another one, or two versions or models within it. */
export function CompareScreen() {
  const trpc = useTRPC()
  const { scope, params } = useUsage()
  const against = againstOf(params)
  const by = params.vs === 'prompt' || params.vs === 'model' ? params.vs : null
  const parts = useQuery(trpc.usage.breakdown.queryOptions(by ? { ...scope, by } : skipToken))
  const query = useQuery(trpc.usage.compare.queryOptions(against ? { ...scope, against } : skipToken))
  const state = useUsageState(query, 'the comparison')
  return (
    <>
      <UsageTabs />
      <ComparisonChoice parts={parts.data} />
      {against ? (
        <ComparisonPanel compared={query.data} state={state} />
      ) : (
        <Card>
          <EmptyState
            title={by ? `Choose two ${by === 'prompt' ? 'prompt versions' : 'models'}` : 'Choose the other period'}
            hint="Their requests, cost, tokens, errors and latencies stand side by side here, with the calls behind each."
          />
        </Card>
      )}
    </>
  )
}

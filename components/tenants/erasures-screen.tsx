'use client'

import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { useUsageState } from '@/components/usage/use-usage-state'
import { VectorsTabs } from '@/components/vectors/vectors-tabs'
import { CheckReceiptPanel } from './check-receipt-panel'
import { ErasuresPanel } from './erasures-panel'
import { erasuresParams } from './erasures-params'
import { ReceiptPanel } from './receipt-panel'
import { UnderWayPanel } from './under-way-panel'

const CALM_MS = 15_000
/** While one is under way. */
const BUSY_MS = 500

/** Who left, and the proof: every erasure with its receipt, and whether a receipt that somebody kept is genuine. */
export function ErasuresScreen() {
  const { scope } = useScope()
  const [params, setParams] = useQueryStates(erasuresParams, { history: 'push', shallow: true })
  const list = useQuery(
    useTRPC().tenants.erasures.queryOptions(
      { tenant: scope.tenant },
      {
        refetchInterval: ({ state: { data } }) =>
          data?.erasures.some(({ finishedAt }) => finishedAt === null) ? BUSY_MS : CALM_MS,
      },
    ),
  )
  const { data } = list
  const shown = data?.erasures.find(({ id }) => id === params.receipt) ?? data?.erasures[0]
  const state = useUsageState(list, 'the erasures', {
    empty: data?.total === 0 && {
      title: scope.tenant ? `${scope.tenant} was never erased.` : 'No tenant was erased yet.',
      hint: 'An erasure takes a tenant out of both memories, looks again, and leaves a signed receipt here. It begins with a dry run.',
    },
  })
  return (
    <>
      <VectorsTabs />
      {shown?.receipt && data && (
        <ReceiptPanel key={shown.id} erasure={shown} receipt={shown.receipt} keys={data.keys} scope={scope} />
      )}
      {shown && !shown.receipt && <UnderWayPanel key={shown.id} erasure={shown} />}
      <ErasuresPanel
        report={data}
        state={state}
        timezone={scope.timezone}
        shown={shown?.id ?? null}
        onShow={(receipt) => void setParams({ receipt })}
      />
      <CheckReceiptPanel />
    </>
  )
}

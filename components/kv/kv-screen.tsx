'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CacheTabs } from '@/components/cache/cache-tabs'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { DuelPanel } from './duel-panel'
import { KvVerdicts } from './kv-verdicts'
import { NamespacesPanel } from './namespaces-panel'

const CALM_MS = 10_000
/** While something moves or duels. */
const BUSY_MS = 1_000

/** Where every key-value namespace lives, what is asked of it, and whether it needs Redis. */
export function KvScreen() {
  const { scope } = useScope()
  const report = useQuery(
    useTRPC().kv.report.queryOptions(scope, {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state: { data } }) =>
        data?.namespaces.some(({ phase }) => phase !== 'settled') ||
        data?.duels.some(({ state }) => state === 'waiting' || state === 'running')
          ? BUSY_MS
          : CALM_MS,
    }),
  )
  return (
    <>
      <CacheTabs />
      <KvVerdicts report={report.data} />
      <NamespacesPanel report={report} scope={scope} />
      <DuelPanel report={report} />
    </>
  )
}

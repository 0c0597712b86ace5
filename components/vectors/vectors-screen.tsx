'use client'

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { KeepDialog } from './keep-dialog'
import { KindsPanel } from './kinds-panel'
import { RecallHistoryPanel } from './recall-history-panel'
import { ReEmbeddingPanel } from './re-embedding-panel'
import { RoomPanel } from './room-panel'
import { SleepDialog } from './sleep-dialog'
import { TenantPanel } from './tenant-panel'
import { TenantsPanel } from './tenants-panel'
import { VectorVerdicts } from './vector-verdicts'
import { vectorsInput, vectorsParams } from './vectors-params'
import { VectorsTabs } from './vectors-tabs'

const EVERY_MS = 10_000
/** While the worker builds, its progress is worth more looks. */
const BUSY_MS = 1_500

/** Every tenant's memory, the worst first; and of one of them the recall, its course, and what can be done. */
export function VectorsScreen() {
  const trpc = useTRPC()
  const { scope } = useScope()
  const [params, setParams] = useQueryStates(vectorsParams, { history: 'push', shallow: true })
  const list = useQuery(
    trpc.vectors.list.queryOptions(vectorsInput(params, scope.tenant), {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.tenants.some(({ jobId }) => jobId) ? BUSY_MS : EVERY_MS),
    }),
  )
  const [sleep, setSleep] = useState<number | null>()
  const [keep, setKeep] = useState<boolean>()
  const tenants = list.data?.tenants ?? []
  const worst = list.data?.totals.worst?.[0]
  // Where none is chosen, the one whose searches miss most, or the first.
  const shown =
    tenants.find(({ tenant }) => tenant === params.memory) ??
    tenants.find(({ tenant }) => tenant === worst) ??
    tenants[0]
  // A tenant beyond the rows that are shown is looked for by its name.
  const open = (memory: string) =>
    void setParams({ memory, ...(!tenants.some(({ tenant }) => tenant === memory) && { find: memory }) })
  const detail = useQuery(
    trpc.vectors.tenant.queryOptions(shown ? { tenant: shown.tenant } : skipToken, {
      refetchInterval: shown?.jobId ? BUSY_MS : EVERY_MS,
    }),
  )
  return (
    <>
      <VectorsTabs />
      {list.data && <VectorVerdicts report={list.data} onOpen={open} onSleep={setSleep} />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_316px]">
        <TenantsPanel list={list} params={params} setParams={setParams} shown={shown?.tenant ?? null} onShow={open} />
        <aside aria-label={shown ? `Memory of ${shown.tenant}` : 'Memory'} className="grid min-w-0 gap-4">
          {shown && <TenantPanel key={shown.tenant} tenant={shown} detail={detail} />}
          {shown && (
            // Anew when work on it begins or ends: what it shows is counted, and not asked for again and again.
            <KindsPanel
              key={`kinds of ${shown.tenant} ${shown.jobId}`}
              tenant={shown.tenant}
              busy={shown.jobId !== null}
            />
          )}
          {shown && <ReEmbeddingPanel key={`model of ${shown.tenant}`} tenant={shown.tenant} />}
          {shown && detail.data && list.data && (
            <RecallHistoryPanel
              detail={detail.data}
              timezone={scope.timezone}
              keep={list.data.keepSearches}
              onKeep={setKeep}
            />
          )}
          {list.data && <RoomPanel report={list.data} onSleep={setSleep} />}
        </aside>
      </div>
      {sleep !== undefined && <SleepDialog afterDays={sleep} onClose={() => setSleep(undefined)} />}
      {keep !== undefined && <KeepDialog keep={keep} onClose={() => setKeep(undefined)} />}
    </>
  )
}

'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { panelState } from '@/components/feedback/panel-state'
import { BoardNote } from '@/components/overview/board-note'
import { useTRPC } from '@/components/shell/trpc'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { SessionFilter } from '@/server/services/sessions/session-lists.schema'
import { LiveChartPanel } from './live-chart-panel'
import { LogOutBars } from './log-out-bars'
import { LogOutDialog } from './log-out-dialog'
import { SessionNamespacesPanel } from './namespaces-panel'
import { SessionSheet } from './session-sheet'
import { SessionVerdicts } from './session-verdicts'
import { SessionsPanel } from './sessions-panel'
import { filterOf, listInputOf, useSessions } from './sessions-params'
import { useLogOut } from './use-log-out'
import { toast } from '@/components/feedback/toaster'

const PROGRESS_MS = 700

/** Who is signed in to the applications that keep their sessions in Engram, and the way to log them out. */
export function OwnSessions() {
  const trpc = useTRPC()
  const mayChange = useMayChange()
  const { params, scope } = useSessions()
  const { logOut } = useLogOut()
  const [asked, setAsked] = useState<SessionFilter | null>(null)
  const list = useInfiniteQuery(
    trpc.sessions.list.infiniteQueryOptions(listInputOf(params), {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      placeholderData: keepPreviousData,
    }),
  )
  const report = useQuery(
    trpc.sessions.report.queryOptions(scope, {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        (state.data?.logouts.some(({ finishedAt }) => !finishedAt) ||
          state.data?.namespaces.some(({ phase }) => phase !== 'settled')) &&
        PROGRESS_MS,
    }),
  )
  const whole = panelState(report, 'what is known of the sessions')
  const actions = mayChange
    ? {
        logOut: ({ id }: { id: string }) =>
          logOut.mutate({ ids: [id] }, { onError: ({ message }) => toast.failed(message) }),
        logOutUser: ({ tenant, user }: { tenant: string; user: string }) => setAsked({ ...nothing, tenant, user }),
      }
    : null
  return (
    <>
      {whole.status === 'error' || whole.status === 'degraded' ? <BoardNote state={whole} /> : null}
      {whole.status !== 'error' && <SessionVerdicts report={report.data} />}
      <LogOutBars logouts={report.data?.logouts ?? []} mayChange={mayChange} />
      <SessionsPanel
        list={list}
        actions={actions}
        namespaces={report.data?.namespaces ?? []}
        onLogOutAll={() => setAsked(filterOf(params))}
      />
      <SessionNamespacesPanel state={whole} report={report.data} mayChange={mayChange} />
      <LiveChartPanel state={whole} report={report.data} />
      {asked && <LogOutDialog filter={asked} onClose={() => setAsked(null)} />}
      <SessionSheet mayChange={mayChange} />
    </>
  )
}

const nothing: SessionFilter = {
  namespace: null,
  tenant: null,
  user: null,
  prompt: null,
  olderThanSeconds: null,
  idleSeconds: null,
  minBytes: null,
}

import type { ReactNode } from 'react'
import type { Memory } from '@/components/ui/memory'

/** Everything that a panel can be in. `loading`, `error` and `empty` stand instead of the content; the others show it. */
export type PanelState =
  | { status: 'ready' }
  | { status: 'loading' }
  | { status: 'empty'; title: string; hint?: ReactNode; command?: string; action?: ReactNode }
  | { status: 'error'; what: string; why?: string; retry?: () => void }
  | {
      status: 'degraded'
      /** The store that is down; without it, the refresh failed for another reason. */
      store?: Memory
      /** ISO date since when. */
      since?: string
      /** ISO date of what is still shown; without it nothing is. */
      shownFrom?: string
      why?: string
      retry?: () => void
    }

interface Query {
  status: 'pending' | 'error' | 'success'
  error: { message: string } | null
  data: unknown
  dataUpdatedAt: number
  isError: boolean
  refetch: () => unknown
}

/**
 * A panel's state from a query of TanStack. `what` names what could not be read: "the hit rate". A refresh that fails
 * leaves the last answer on screen with its age; `degraded` is what the answer itself says about its stores.
 */
export function panelState(
  query: Query,
  what: string,
  more: { empty?: Omit<Extract<PanelState, { status: 'empty' }>, 'status'> | false; degraded?: PanelState } = {},
): PanelState {
  const retry = () => void query.refetch()
  if (query.status === 'pending') return { status: 'loading' }
  if (query.isError && query.data === undefined) return { status: 'error', what, why: query.error?.message, retry }
  if (query.isError)
    return {
      status: 'degraded',
      shownFrom: new Date(query.dataUpdatedAt).toISOString(),
      why: query.error?.message,
      retry,
    }
  if (more.degraded) return more.degraded
  return more.empty ? { status: 'empty', ...more.empty } : { status: 'ready' }
}

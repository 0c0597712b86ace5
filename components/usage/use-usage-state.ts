'use client'

import { panelState, type PanelState } from '@/components/feedback/panel-state'
import { usePulse } from '@/components/shell/pulse'

/** A panel's state that, while Postgres is down, says so and since when, at once and instead of a bare error. */
export function useUsageState(...[query, what, more]: Parameters<typeof panelState>): PanelState {
  const { pulse } = usePulse()
  if (query.status === 'success' || !pulse || pulse.postgres.up) return panelState(query, what, more)
  return {
    status: 'degraded',
    store: 'postgres',
    since: pulse.postgres.downSince ?? undefined,
    shownFrom: query.data === undefined ? undefined : new Date(query.dataUpdatedAt).toISOString(),
    retry: () => void query.refetch(),
  }
}

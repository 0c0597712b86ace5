'use client'

import { ErrorNote } from '@/components/feedback/panel-notes'
import type { PanelState } from '@/components/feedback/panel-state'
import { Verdicts } from '@/components/feedback/verdicts'
import { Skeleton } from '@/components/ui/skeleton'
import type { Verdict } from '@/server/services/overview/verdicts'
import { verdictItem, type Wording } from './verdict-item'

/** What is worth knowing, before any figure. */
export function VerdictStrip({
  state,
  verdicts,
  wording,
}: {
  state: PanelState
  verdicts: Verdict[]
  wording: Wording
}) {
  switch (state.status) {
    case 'loading':
      return <Skeleton className="h-9.5 rounded-lg" />
    case 'error':
      return (
        <div className="rounded-lg border border-line bg-panel shadow-panel">
          <ErrorNote {...state} />
        </div>
      )
    default:
      return <Verdicts items={verdicts.map((verdict, index) => verdictItem(verdict, wording, index))} />
  }
}

import { DegradedNote, ErrorNote } from '@/components/feedback/panel-notes'
import type { PanelState } from '@/components/feedback/panel-state'
import { Card } from '@/components/ui/card'

/** One query feeds the whole page, so what goes wrong with it is said once, above everything. */
export function BoardNote({ state }: { state: PanelState }) {
  switch (state.status) {
    case 'degraded':
      return (
        <div className="-mx-3.5 -mb-2">
          <DegradedNote {...state} />
        </div>
      )
    case 'error':
      return (
        <Card>
          <ErrorNote {...state} />
        </Card>
      )
    default:
      return null
  }
}

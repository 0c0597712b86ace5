'use client'

import { TriangleAlert } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { memoryName } from '@/components/ui/memory'
import { Skeleton } from '@/components/ui/skeleton'
import { Age } from './age'
import type { PanelState } from './panel-state'

type Of<S extends PanelState['status']> = Extract<PanelState, { status: S }>

const lineHeight = 28

export function LoadingLines({ height = 84 }: { height?: number }) {
  const lines = Math.max(1, Math.min(8, Math.floor(height / lineHeight)))
  return (
    <div className="grid content-start gap-3 px-3.5 pt-1.5 pb-3">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className="h-4" style={{ width: `${[88, 72, 80, 64][line % 4]}%` }} />
      ))}
    </div>
  )
}

/** What failed, why as far as it may be said, and another try. */
export function ErrorNote({ what, why, retry }: Of<'error'>) {
  return (
    <div role="alert" className="grid content-center justify-items-center gap-1 px-4 py-6 text-center">
      <p className="flex items-center gap-1.5 font-medium">
        <TriangleAlert aria-hidden className="size-3.5 text-bad" />
        Could not read {what}
      </p>
      {why && <p className="max-w-md text-muted">{why}</p>}
      {retry && (
        <Button onClick={retry} className="mt-2">
          Try again
        </Button>
      )}
    </div>
  )
}

const lost = (name: string, since?: string) => (since ? `${name} stopped answering ` : `${name} does not answer`)

/** Which store is down and since when; what stands below is old, and says how old. */
export function DegradedNote({ store, since, shownFrom, why, retry }: Of<'degraded'>) {
  return (
    <div
      role="status"
      className="mx-3.5 mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-warn-soft px-2.5 py-1"
    >
      <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warn-ink" />
      <p className="min-w-0 flex-1 text-sm leading-5">
        <b className="font-medium">{store ? lost(memoryName[store], since) : 'Could not refresh'}</b>
        {since && <Age at={since} />}
        {shownFrom ? (
          <>
            . Shown: what was known <Age at={shownFrom} />.
          </>
        ) : (
          '. Nothing is known yet.'
        )}
        {why && <span className="text-muted"> {why}</span>}
      </p>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  )
}

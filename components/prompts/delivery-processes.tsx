'use client'

import { useState } from 'react'
import { durationText } from '@/components/format/duration'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import type { Delivery, DeliveryProcess } from '@/server/services/prompts/activation-delivery'
import { reasonOf } from './prepare-delivery'

const SHOWN_AT_FIRST = 4

/** Who serves an activation: whoever is waited for first, then the others, the slowest first. */
export function DeliveryProcesses({ delivery }: { delivery: Delivery }) {
  const [all, setAll] = useState(false)
  const { processes, asked } = delivery
  const shown = all ? processes : processes.slice(0, SHOWN_AT_FIRST)
  const more = asked - shown.length
  if (processes.length === 0) return null
  return (
    <>
      <ul aria-label="Processes" className="max-h-80 overflow-y-auto px-3.5 pb-1 text-sm">
        {shown.map((process) => (
          <ProcessRow key={process.id} process={process} delivery={delivery} />
        ))}
      </ul>
      {more > 0 && !all && (
        <Button variant="ghost" className="ml-1 text-sm" onClick={() => setAll(true)}>
          {more} more
        </Button>
      )}
      {more > 0 && all && (
        <p className="px-3.5 pb-1 text-sm text-muted">
          and {more} more, of {asked}
        </p>
      )}
    </>
  )
}

function ProcessRow({ process, delivery }: { process: DeliveryProcess; delivery: Delivery }) {
  const { name, role, serves, afterMs, state } = process
  const reason = reasonOf(process, delivery)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-x-2 py-1">
      <span className={cn('truncate', state === 'gone' && 'text-muted')} title={name}>
        {name}
        {role === 'sdk' && <span className="text-muted"> (sdk)</span>}
      </span>
      <span className="text-muted tabular-nums">{serves === null ? 'no revision' : `r ${serves}`}</span>
      <span
        className={cn(
          'min-w-14 text-right tabular-nums',
          state === 'waiting' ? 'font-medium text-warn-ink' : 'text-muted',
        )}
      >
        {afterMs !== null ? `+${durationText(afterMs)}` : state === 'gone' ? 'gone' : durationText(delivery.waitingMs)}
      </span>
      {reason && <span className="col-span-3 text-muted">{reason}</span>}
    </li>
  )
}

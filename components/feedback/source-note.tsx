'use client'

import { Tooltip as Radix } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import { MemoryBadge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import type { Memory } from '@/components/ui/memory'
import { TooltipContent } from '@/components/ui/tooltip'
import { Age } from './age'

/** Where a figure came from (R12). Plain data, so that the server can say it with the figure. */
export interface Source {
  stores: Memory[]
  /** The command or the table: "INFO stats, Δ 5 s", "usage_hourly + unfolded rows". */
  from: string
  /** The stretch of time it covers: "last 6 hours". */
  window?: string
  /** ISO date of the sample or of the query. */
  asOf?: string
  precision: 'exact' | 'sampled' | 'estimated'
  /** What else a reader must know: the formula, the share that was sampled. */
  detail?: string
}

/** A figure that can be asked for its source: on hover, on focus, and by tapping. */
export function Sourced({ source, className, children }: { source: Source; className?: string; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger
        // Radix closes on press, which on a touch screen is the only way to open it.
        onPointerDown={(event) => event.preventDefault()}
        onClick={(event) => {
          event.preventDefault()
          setOpen(true)
        }}
        className={cn(
          'rounded-sm text-inherit underline decoration-transparent decoration-dotted underline-offset-4',
          'hover:decoration-line-strong focus-visible:decoration-line-strong',
          className,
        )}
      >
        {children}
      </Radix.Trigger>
      <TooltipContent>
        <SourceNote source={source} />
      </TooltipContent>
    </Radix.Root>
  )
}

/** The note itself, also for a panel's header or a legend. */
export function SourceNote({ source }: { source: Source }) {
  const facts = [source.window, source.precision].filter(Boolean).join(' · ')
  return (
    <span className="grid gap-1">
      <span className="flex flex-wrap items-baseline gap-1.5">
        {source.stores.map((store) => (
          <MemoryBadge key={store} memory={store} />
        ))}
        <span className="font-mono text-xs wrap-anywhere">{source.from}</span>
      </span>
      <span className="text-muted">
        {facts}
        {source.asOf && (
          <>
            {' · '}
            <Age at={source.asOf} />
          </>
        )}
      </span>
      {source.detail && <span className="text-muted">{source.detail}</span>}
    </span>
  )
}

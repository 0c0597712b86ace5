'use client'

import type { ReactNode } from 'react'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { usePalette } from './palette'
import { topics } from './topics'

/** Every key that does something, and what the colours mean. */
export function HelpDialog() {
  const { open, show } = usePalette()
  return (
    <Dialog open={open === 'help'} onOpenChange={(next) => show(next ? 'help' : null)}>
      <DialogContent title="Help" className="max-w-md">
        <div className="grid gap-4 overflow-y-auto px-3.5 pb-4">
          <dl className="grid gap-1.5">
            <Shortcut keys={['Ctrl K', '⌘ K']}>Search or jump to anything</Shortcut>
            {topics.map(({ label, letter }) => (
              <Shortcut key={letter} keys={[`g ${letter}`]}>
                Go to {label}
              </Shortcut>
            ))}
            <Shortcut keys={['?']}>This help</Shortcut>
            <Shortcut keys={['Esc']}>Close what is open</Shortcut>
          </dl>
          <ul className="grid gap-1.5 border-t border-line pt-3 text-muted">
            <Memory memory="redis">Redis, the short-term memory: fast, forgetful on purpose.</Memory>
            <Memory memory="postgres">Postgres, the long-term memory: durable, the truth.</Memory>
            <li>Any figure tells its source, window and age when pointed at.</li>
            <li>The address of a page holds its tenant and time range: send it to a colleague as it is.</li>
          </ul>
        </div>
      </DialogContent>
    </Dialog>
  )
}

function Shortcut({ keys, children }: { keys: string[]; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt>{children}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  )
}

function Memory({ memory, children }: { memory: 'redis' | 'postgres'; children: ReactNode }) {
  return (
    <li data-memory={memory} className="flex items-baseline gap-2">
      <span aria-hidden className="size-1.5 shrink-0 -translate-y-0.5 rounded-[2px] bg-memory" />
      {children}
    </li>
  )
}

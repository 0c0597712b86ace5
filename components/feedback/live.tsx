'use client'

import { cn } from '@/components/ui/cn'
import { Age } from './age'

const states = {
  live: { dot: 'bg-ok ring-ok/20', word: 'live' },
  waiting: { dot: 'bg-warn ring-warn/20', word: 'reconnecting' },
  paused: { dot: 'bg-faint ring-faint/20', word: 'paused' },
} as const

/** Whether figures still arrive, and the age of the last one. */
export function Live({ state, at }: { state: keyof typeof states; at?: string }) {
  const { dot, word } = states[state]
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted">
      <span aria-hidden className={cn('size-1.75 rounded-full ring-3', dot)} />
      <span role="status">{word}</span>
      {at && (
        <>
          <span aria-hidden>·</span>
          <span className="min-w-13">
            <Age at={at} />
          </span>
        </>
      )}
    </span>
  )
}

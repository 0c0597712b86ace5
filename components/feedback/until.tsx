'use client'

import { durationLong } from '@/components/format/duration'
import { useNow } from './ticker'

/** "in 2 min", ticking, from an ISO date; "now" from then on. */
export function Until({ at }: { at: string }) {
  const now = useNow()
  const left = now === null ? null : Date.parse(at) - now
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {left === null ? 'in …' : left <= 0 ? 'now' : `in ${durationLong(left)}`}
    </time>
  )
}

'use client'

import { agoText } from '@/components/format/duration'
import { useNow } from './ticker'

/** "2 s ago", ticking, from an ISO date. Not announced: a screen reader would never be quiet again. */
export function Age({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {now === null ? '… ago' : agoText(now - Date.parse(at))}
    </time>
  )
}

'use client'

import { Live } from '@/components/feedback/live'
import { usePulse } from './pulse'
import { useScope } from './search-params'

/** Whether the figures of the page still move, and how old the newest is. */
export function LiveState() {
  const { pulse, state } = usePulse()
  const { scope } = useScope()
  return <Live state={scope.range === null && state === 'live' ? 'paused' : state} at={pulse?.at} />
}

'use client'

import { useCallback, useSyncExternalStore } from 'react'

/**
 * The instant under the pointer, shared by all charts of a page that name the same clock. An instant, not an index as in
 * recharts' syncId: the series of two stores are not sampled at the same times.
 */
const instants = new Map<string, number>()
const listeners = new Set<() => void>()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function useCrosshair(clock: string): [number | null, (t: number | null) => void] {
  const instant = useSyncExternalStore(
    subscribe,
    () => instants.get(clock) ?? null,
    () => null,
  )
  const set = useCallback(
    (t: number | null) => {
      if (t === null) instants.delete(clock)
      else instants.set(clock, t)
      for (const listener of listeners) listener()
    },
    [clock],
  )
  return [instant, set]
}

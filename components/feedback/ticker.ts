'use client'

import { useSyncExternalStore } from 'react'

/** One clock for every age on the page: one timer, not one per figure. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = 0

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick() {
  now = Date.now()
  for (const listener of listeners) listener()
}

/** The time now in epoch milliseconds, renewed each second; null while the server renders and during hydration. */
export function useNow(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => {
      if (Date.now() - now >= 1000) now = Date.now()
      return now
    },
    () => null,
  )
}

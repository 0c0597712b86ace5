'use client'

import { useEffect } from 'react'

const steps: Record<string, number> = { j: 1, k: -1 }
const isBusy = (target: EventTarget | null) =>
  (target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [data-row]') !== null) ||
  document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null

/** `j` shows the next older version, `k` the next newer; not while somebody types or a dialog is open. */
export function useVersionKeys(versions: readonly number[], shown: number | null, show: (version: number) => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = steps[event.key]
      if (!step || event.metaKey || event.ctrlKey || event.altKey || isBusy(event.target)) return
      const next = versions[versions.indexOf(shown ?? -1) + step]
      if (next === undefined) return
      event.preventDefault()
      show(next)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [versions, shown, show])
}

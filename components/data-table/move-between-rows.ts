import type { KeyboardEvent } from 'react'

const steps: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

/** `j` and `k`, or the arrows, walk through the rows of a table that has the focus; Enter is the row's own. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>) {
  const step = steps[event.key]
  const target = event.target as HTMLElement
  if (!step || event.ctrlKey || event.metaKey || event.altKey || target.matches('input, textarea, select')) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const current = rows.findIndex((row) => row === document.activeElement)
  const next = rows[current === -1 && step < 0 ? rows.length - 1 : current + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { usePalette } from './palette'
import { useScope, withScope } from './search-params'
import { topics } from './topics'

/** After `g` the next letter must come within this. */
const PREFIX_MS = 1_500

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The keys of the whole console; none of them acts while somebody types or a dialog is open. */
export function Shortcuts() {
  const router = useRouter()
  const { open, show } = usePalette()
  const { params } = useScope()
  const prefixAt = useRef(0)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        return show(open === 'palette' ? null : 'palette')
      }
      const busy = isTyping(event.target) || document.querySelector('[role="dialog"], [role="menu"]') !== null
      if (busy || event.metaKey || event.ctrlKey || event.altKey) return
      if (event.key === '?') return show('help')
      const prefixed = event.timeStamp - prefixAt.current < PREFIX_MS
      prefixAt.current = !prefixed && event.key === 'g' ? event.timeStamp : -PREFIX_MS
      const topic = prefixed ? topics.find(({ letter }) => letter === event.key) : undefined
      if (topic) router.push(withScope(topic.href, params))
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [open, params, router, show])
  return null
}

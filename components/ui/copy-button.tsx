'use client'

import { Check, Copy, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'

const shownMs = 2000

/** Copies `text`, shows a tick and says so to screen readers; where the browser forbids it, says that. */
export function CopyButton({
  text,
  label = 'Copy',
  iconOnly = false,
}: {
  text: string
  label?: string
  iconOnly?: boolean
}) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (outcome === 'idle') return
    const timer = setTimeout(() => setOutcome('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('refused') // No permission, or the page is not served securely: the reader must select by hand.
    }
  }
  const Icon = { idle: Copy, copied: Check, refused: X }[outcome]
  const said = { idle: '', copied: 'Copied', refused: 'The browser refused: select and copy by hand' }[outcome]
  return (
    <>
      <Button
        variant={iconOnly ? 'ghost' : 'outline'}
        size={iconOnly ? 'icon' : 'sm'}
        aria-label={iconOnly ? label : undefined}
        onClick={copy}
        title={said || undefined}
      >
        <Icon aria-hidden className={outcome === 'copied' ? 'text-ok' : undefined} />
        {!iconOnly && (outcome === 'copied' ? 'Copied' : label)}
      </Button>
      <span aria-live="polite" className="sr-only">
        {said}
      </span>
    </>
  )
}

'use client'

import { X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useSavings } from './savings-params'

/** What look-ups can be narrowed down to; the other filters of Usage wait for the other views, and this says so. */
export function SavingsChips() {
  const { params, setParams } = useSavings()
  const waiting = (['model', 'provider', 'user', 'status'] as const).filter((key) => params[key] !== null)
  const chosen = [
    { key: 'namespace', label: 'Namespace' },
    { key: 'tenant', label: 'Tenant' },
    { key: 'prompt', label: 'Prompt version' },
  ] as const
  return (
    <>
      {waiting.length > 0 && (
        <span className="text-sm text-muted">look-ups know no {waiting.join(', ')}: not filtered by it here</span>
      )}
      {chosen.map(({ key, label }) => {
        const value = params[key]
        return value === null ? null : (
          <Button
            key={key}
            className="max-w-full rounded-full"
            aria-label={`Remove the filter ${label} ${value || 'no prompt'}`}
            onClick={() => void setParams({ [key]: null, part: null })}
          >
            <span className="text-muted">{label}</span>
            <span className="truncate font-medium">{value || 'no prompt'}</span>
            <X aria-hidden className="text-faint" />
          </Button>
        )
      })}
    </>
  )
}

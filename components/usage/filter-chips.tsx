'use client'

import { X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { breakdowns } from '@/server/services/usage/usage.schema'
import { useUsage } from './search-params'
import { partName, tabLabels } from './words'

/** What the page is narrowed down to; each can be taken off again. */
export function FilterChips() {
  const { params, setParams } = useUsage()
  const chosen = breakdowns.flatMap((by) => (params[by] === null ? [] : [{ by, name: partName(by, params[by]) }]))
  if (chosen.length === 0) return null
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {chosen.map(({ by, name }) => (
        <li key={by} className="min-w-0">
          <Button
            className="max-w-full rounded-full"
            aria-label={`Remove the filter ${tabLabels[by]} ${name}`}
            onClick={() => void setParams({ [by]: null, by: null })}
          >
            <span className="text-muted">{tabLabels[by]}</span>
            <span className="truncate font-medium">{name}</span>
            <X aria-hidden className="text-faint" />
          </Button>
        </li>
      ))}
      {chosen.length > 1 && (
        <li>
          <Button
            variant="ghost"
            onClick={() =>
              void setParams({
                tenant: null,
                provider: null,
                model: null,
                user: null,
                prompt: null,
                status: null,
                by: null,
              })
            }
          >
            Remove all
          </Button>
        </li>
      )}
    </ul>
  )
}

'use client'

import { Chip } from '@/components/ui/chip'
import { Tooltip } from '@/components/ui/tooltip'
import { usePulse } from './pulse'

/** R12: nobody shall take the demo's figures for a customer's. */
export function SimulatedChip() {
  const { pulse } = usePulse()
  if (!pulse?.simulated) return null
  return (
    <Tooltip content="Figures come from a simulated application.">
      <button type="button" className="rounded-full">
        <Chip tone="warn">simulated</Chip>
      </button>
    </Tooltip>
  )
}

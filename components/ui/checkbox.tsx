'use client'

import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Checkbox({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'group grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-panel text-bg',
        'data-[state=checked]:border-text data-[state=checked]:bg-text',
        'data-[state=indeterminate]:border-text data-[state=indeterminate]:bg-text disabled:opacity-60',
        className,
      )}
      {...props}
    >
      <Radix.Indicator>
        <Check className="size-3 group-data-[state=indeterminate]:hidden" strokeWidth={3} />
        <Minus className="hidden size-3 group-data-[state=indeterminate]:block" strokeWidth={3} />
      </Radix.Indicator>
    </Radix.Root>
  )
}

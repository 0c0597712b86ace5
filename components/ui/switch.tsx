'use client'

import { Switch as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        'h-4.5 w-8 shrink-0 rounded-full border border-transparent bg-line-strong p-0.5 transition-colors',
        'data-[state=checked]:bg-text disabled:opacity-60',
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-3 rounded-full bg-panel transition-transform data-[state=checked]:translate-x-3.5 dark:data-[state=checked]:bg-bg" />
    </Radix.Root>
  )
}

'use client'

import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn'

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={250} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  )
}

export const floatLook =
  'z-50 rounded-lg border border-line bg-panel text-text shadow-lift animate-appear data-[state=closed]:animate-none'

/** Hint on hover and focus. The trigger is the only child and must be focusable. */
export function Tooltip({
  content,
  side = 'top',
  children,
}: {
  content: ReactNode
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactElement
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <TooltipContent side={side}>{content}</TooltipContent>
    </Radix.Root>
  )
}

export function TooltipContent({
  side,
  children,
}: {
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactNode
}) {
  return (
    <Radix.Portal>
      <Radix.Content
        side={side}
        sideOffset={6}
        collisionPadding={8}
        className={cn(floatLook, 'max-w-80 px-2.5 py-1.5 text-sm')}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}

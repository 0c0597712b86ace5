'use client'

import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { DialogOverlay } from './dialog'

export const Sheet = Radix.Root
export const SheetTrigger = Radix.Trigger
export const SheetClose = Radix.Close

/** A panel from an edge: the navigation on narrow screens from the left, one row's whole story from the right. */
export function SheetContent({
  title,
  side = 'left',
  className,
  children,
}: {
  title: string
  side?: 'left' | 'right'
  className?: string
  children: ReactNode
}) {
  return (
    <Radix.Portal>
      <DialogOverlay />
      <Radix.Content
        aria-describedby={undefined}
        className={cn(
          'fixed inset-y-0 z-50 overflow-y-auto border-line bg-bg shadow-lift',
          side === 'left' && 'left-0 w-64 max-w-[85vw] animate-slide-in border-r',
          side === 'right' && 'right-0 w-lg max-w-full animate-appear border-l',
          className,
        )}
      >
        <Radix.Title className="sr-only">{title}</Radix.Title>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}

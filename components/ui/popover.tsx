'use client'

import { Popover as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { floatLook } from './tooltip'

export const Popover = Radix.Root
export const PopoverTrigger = Radix.Trigger
export const PopoverClose = Radix.Close

/** `label` names the popover, which is a dialog to assistive technology. */
export function PopoverContent({
  label,
  className,
  align = 'start',
  ...props
}: ComponentProps<typeof Radix.Content> & { label: string }) {
  return (
    <Radix.Portal>
      <Radix.Content
        aria-label={label}
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className={cn(floatLook, 'max-h-(--radix-popover-content-available-height) overflow-auto p-3', className)}
        {...props}
      />
    </Radix.Portal>
  )
}

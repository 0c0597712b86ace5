'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { floatLook } from './tooltip'

export const Dialog = Radix.Root
export const DialogTrigger = Radix.Trigger
export const DialogClose = Radix.Close

export function DialogOverlay() {
  return <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-veil" />
}

/** Title is required: it names the dialog for everybody, also where it is hidden from sight. */
export function DialogContent({
  title,
  description,
  hideTitle = false,
  className,
  children,
}: {
  title: string
  description?: ReactNode
  hideTitle?: boolean
  className?: string
  children: ReactNode
}) {
  return (
    <Radix.Portal>
      <DialogOverlay />
      <Radix.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          floatLook,
          'fixed top-[12vh] left-1/2 flex max-h-[76vh] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 flex-col overflow-hidden',
          className,
        )}
      >
        <header className={cn('flex items-start gap-2 px-3.5 pt-3 pb-2', hideTitle && 'sr-only')}>
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description && <Radix.Description className="mt-0.5 text-muted">{description}</Radix.Description>}
          </div>
          {!hideTitle && (
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-1.5">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          )}
        </header>
        {children}
      </Radix.Content>
    </Radix.Portal>
  )
}

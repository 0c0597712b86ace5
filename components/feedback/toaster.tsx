'use client'

import { useTheme } from 'next-themes'
import { Toaster as Sonner, toast as sonner } from 'sonner'

/** Where toasts appear; once, in the root layout. */
export function Toaster() {
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-2.5 rounded-lg border border-line bg-panel px-3.5 py-2.5 font-sans text-base text-text shadow-lift',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-sm text-muted!',
          icon: 'mt-0.5 [&_svg]:size-4',
          success: '[&_[data-icon]]:text-ok',
          error: '[&_[data-icon]]:text-bad',
          warning: '[&_[data-icon]]:text-warn',
          actionButton: 'shrink-0 rounded-md border border-line-strong px-2.5 leading-5.5 hover:bg-sunken',
        },
      }}
    />
  )
}

export interface ToastOptions {
  detail?: string
  /** "Undo", say; the toast then stays long enough to be reached. */
  action?: { label: string; run: () => void }
}

const options = ({ detail, action }: ToastOptions) => ({
  description: detail,
  duration: action ? 10_000 : undefined,
  action: action && { label: action.label, onClick: action.run },
})

/** Says what was done or what failed, in one sentence. */
export const toast = {
  done: (text: string, more: ToastOptions = {}) => sonner.success(text, options(more)),
  failed: (text: string, more: ToastOptions = {}) => sonner.error(text, { ...options(more), duration: 10_000 }),
  note: (text: string, more: ToastOptions = {}) => sonner(text, options(more)),
}

import type { ComponentProps } from 'react'
import { cn } from './cn'

export const inputLook =
  'w-full min-w-0 rounded-md border border-line-strong bg-panel px-2.5 text-text disabled:opacity-60 aria-invalid:border-bad'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(inputLook, 'h-7.5', className)} {...props} />
}

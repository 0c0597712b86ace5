import type { ComponentProps } from 'react'
import { cn } from './cn'
import { inputLook } from './input'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(inputLook, 'min-h-16 py-1.5', className)} {...props} />
}

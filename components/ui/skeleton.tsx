import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Holds the place of what is being loaded, at the same size. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-breathe rounded-md bg-sunken dark:bg-line', className)} {...props} />
}

import type { ReactNode } from 'react'
import { Stats } from '@/components/ui/stat'

/** Six figures in two rows of three, divided by hairlines; two columns where there is no room. */
export function FigureGrid({ children }: { children: ReactNode }) {
  return (
    <Stats className="h-full grid-cols-2 sm:grid-flow-row sm:auto-cols-auto sm:grid-cols-3 sm:[&>div:nth-child(3n+1)]:border-l-0 sm:[&>div:nth-child(n+4)]:border-t max-sm:[&>div:nth-child(n+3)]:border-t max-sm:[&>div:nth-child(even)]:border-l">
      {children}
    </Stats>
  )
}

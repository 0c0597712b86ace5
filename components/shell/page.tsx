import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { DegradedBanner } from './degraded-banner'
import { Header } from './header'

/** One page of the console: its header, what is wrong with the stores, and its content on the common grid. */
export function Page({
  title,
  aside,
  actions,
  scoped = true,
  className,
  children,
}: {
  title: ReactNode
  /** Beside the title: chips. */
  aside?: ReactNode
  actions?: ReactNode
  /** Whether the page looks at a tenant and a stretch of time. */
  scoped?: boolean
  className?: string
  children: ReactNode
}) {
  return (
    <>
      <Header title={title} aside={aside} actions={actions} scoped={scoped} />
      <DegradedBanner />
      <main
        id="content"
        tabIndex={-1}
        className={cn('grid content-start gap-4 px-4 pt-4 pb-6 outline-none md:px-6', className)}
      >
        {children}
      </main>
    </>
  )
}

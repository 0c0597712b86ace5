import type { ComponentProps, ReactNode } from 'react'
import { MemoryBadge } from './badge'
import { cn } from './cn'
import type { Memory } from './memory'

/** A surface. With `memory` it carries that memory's colour as a thin top edge. */
export function Card({ memory, className, ...props }: ComponentProps<'section'> & { memory?: Memory }) {
  return (
    <section
      data-memory={memory}
      className={cn(
        'min-w-0 rounded-lg border border-line bg-panel shadow-panel',
        memory && 'border-t-2 border-t-memory',
        className,
      )}
      {...props}
    />
  )
}

export interface CardHeaderProps {
  title: ReactNode
  /** The heading's id, for `aria-labelledby`. */
  id?: string
  memory?: Memory
  /** Text of the memory badge; the memory's name without it. */
  badge?: ReactNode
  /** Right-hand note in small print. */
  note?: ReactNode
  actions?: ReactNode
}

export function CardHeader({ title, id, memory, badge, note, actions }: CardHeaderProps) {
  return (
    <header className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-3.5 pt-2.5 pb-1.5">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {memory && <MemoryBadge memory={memory}>{badge}</MemoryBadge>}
      {(note || actions) && (
        <div className="ml-auto flex flex-wrap items-baseline justify-end gap-x-2 gap-y-1 text-sm leading-5 text-faint">
          {note}
          {actions}
        </div>
      )}
    </header>
  )
}

export function CardBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('px-3.5 pt-1 pb-3', className)} {...props} />
}

/** The row of buttons that closes a card or a dialog. */
export function CardFooter({ className, ...props }: ComponentProps<'footer'>) {
  return (
    <footer className={cn('flex flex-wrap justify-end gap-2 border-t border-line px-3.5 py-3', className)} {...props} />
  )
}

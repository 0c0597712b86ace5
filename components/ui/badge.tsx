import type { ReactNode } from 'react'
import { cn } from './cn'
import { memoryName, type Memory } from './memory'

const tones = {
  neutral: 'bg-sunken text-muted',
  ok: 'bg-ok-soft text-ok-ink',
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad',
  memory: 'bg-memory-soft text-memory-ink',
} as const

export type BadgeTone = keyof typeof tones

export function Badge({
  tone = 'neutral',
  className,
  children,
}: {
  tone?: BadgeTone
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        'inline-block shrink-0 rounded-sm px-1.5 text-xs font-[540] whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

/** Says which memory a panel shows; children add to the name ("Redis 8.0", "Redis INFO, Δ 5 s"). */
export function MemoryBadge({ memory, children }: { memory: Memory; children?: ReactNode }) {
  return (
    <span data-memory={memory} className="inline-flex">
      <Badge tone="memory">{children ?? memoryName[memory]}</Badge>
    </span>
  )
}

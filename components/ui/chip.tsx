import type { ComponentProps } from 'react'
import { cn } from './cn'

const tones = {
  neutral: 'border-line text-muted',
  ok: 'border-transparent bg-ok-soft text-ok-ink',
  warn: 'border-transparent bg-warn-soft text-warn-ink',
  bad: 'border-transparent bg-bad-soft text-bad',
} as const

export type ChipTone = keyof typeof tones

/** A state or a count in a pill; what can be clicked is a Button, not a Chip. */
export function Chip({ tone = 'neutral', className, ...props }: ComponentProps<'span'> & { tone?: ChipTone }) {
  return (
    <span
      className={cn(
        'inline-block shrink-0 rounded-full border px-2 text-sm leading-4.5 whitespace-nowrap',
        tones[tone],
        className,
      )}
      {...props}
    />
  )
}

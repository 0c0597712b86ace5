'use client'

import { RadioGroup as Radix } from 'radix-ui'
import { cn } from './cn'

/** One of a few views, all visible: arrows move, as in any radio group. */
export function Segmented<T extends string>({
  label,
  value,
  onValueChange,
  options,
  className,
}: {
  label: string
  value: T
  onValueChange: (value: T) => void
  options: { value: T; label: string }[]
  className?: string
}) {
  return (
    <Radix.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next)
        if (option) onValueChange(option.value)
      }}
      className={cn('inline-flex rounded-md border border-line bg-sunken p-0.5', className)}
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          className="rounded-sm px-2.5 leading-5.5 whitespace-nowrap text-muted hover:text-text data-[state=checked]:bg-panel data-[state=checked]:text-text data-[state=checked]:shadow-panel dark:data-[state=checked]:bg-line"
        >
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  )
}

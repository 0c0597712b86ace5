'use client'

import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn'
import { floatLook } from './tooltip'

export interface SelectOption {
  value: string
  label: string
  hint?: string
  disabled?: boolean
}

/** A choice from a short list; for a long one use Combobox. Needs `label` or, inside a Field, its `id`. */
export function Select({
  value,
  onValueChange,
  options,
  label,
  placeholder,
  className,
  prefix,
  ...rest
}: {
  value: string
  onValueChange: (value: string) => void
  options: SelectOption[]
  label?: string
  placeholder?: string
  className?: string
  prefix?: ReactNode
  id?: string
  disabled?: boolean
}) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} disabled={rest.disabled}>
      <Radix.Trigger
        {...rest}
        aria-label={label}
        className={cn(
          'inline-flex h-7.5 items-center gap-1.5 rounded-md border border-line-strong bg-panel px-2.5 whitespace-nowrap',
          'hover:bg-sunken disabled:opacity-60 data-[placeholder]:text-faint aria-invalid:border-bad',
          className,
        )}
      >
        {prefix}
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon className="ml-auto">
          <ChevronDown aria-hidden className="size-3.5 text-faint" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          // The key that chose must not press what the choice opens: a dialog's first button.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          className={cn(
            floatLook,
            'max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)',
          )}
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="relative flex items-center gap-2 rounded-md py-1 pr-8 pl-2 outline-none select-none data-[disabled]:opacity-60 data-[highlighted]:bg-sunken dark:data-[highlighted]:bg-line"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint && <span className="text-sm text-muted">{option.hint}</span>}
                <Radix.ItemIndicator className="absolute right-2">
                  <Check aria-hidden className="size-3.5" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

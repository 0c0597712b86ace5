'use client'

import { Check, ChevronDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from './command'
import { Popover, PopoverContent, PopoverTrigger } from './popover'

export interface ComboboxOption {
  value: string
  label: string
  hint?: ReactNode
}

/** A choice from a list long enough to be searched. `label` names the control; the button shows the choice. */
export function Combobox({
  label,
  value,
  onValueChange,
  options,
  placeholder = 'Choose',
  searchPlaceholder = 'Search',
  emptyText = 'Nothing matches',
  note,
  className,
}: {
  label: string
  value: string | null
  onValueChange: (value: string) => void
  options: ComboboxOption[]
  placeholder?: string
  searchPlaceholder?: string
  emptyText?: string
  /** A line under the list, for "100 of 2,500 shown". */
  note?: ReactNode
  className?: string
}) {
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="md" aria-label={`${label}: ${chosen?.label ?? placeholder}`} className={cn('px-2.5', className)}>
          <span className="truncate">{chosen?.label ?? placeholder}</span>
          <ChevronDown aria-hidden className="ml-auto text-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent label={label} className="w-64 p-0">
        <Command label={label}>
          <CommandInput placeholder={searchPlaceholder} />
          <CommandList aria-label={label}>
            <CommandEmpty>{emptyText}</CommandEmpty>
            {options.map((option) => (
              <CommandItem
                key={option.value}
                value={option.value}
                keywords={[option.label]}
                onSelect={() => {
                  setOpen(false)
                  onValueChange(option.value)
                }}
              >
                <Check aria-hidden className={cn(option.value !== value && 'invisible')} />
                <span className="truncate">{option.label}</span>
                {option.hint && <span className="ml-auto text-sm text-muted">{option.hint}</span>}
              </CommandItem>
            ))}
          </CommandList>
          {note && <p className="border-t border-line px-3 py-1.5 text-sm text-faint">{note}</p>}
        </Command>
      </PopoverContent>
    </Popover>
  )
}

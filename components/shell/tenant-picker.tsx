'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from '@/components/ui/command'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import { useScope } from './search-params'
import { useTRPC } from './trpc'

/** All tenants or one. The server searches: there may be thousands. */
export function TenantPicker() {
  const { scope, setParams } = useScope()
  const [open, setOpen] = useState(false)
  const choose = (tenant: string | null) => {
    setOpen(false)
    void setParams({ tenant })
  }
  const shown = scope.tenant ?? 'All tenants'
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button size="md" aria-label={`Tenant: ${shown}`} className="max-w-48 px-2.5">
          <span className="truncate">{shown}</span>
          <ChevronDown aria-hidden className="text-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent label="Tenant" className="w-64 p-0">
        <TenantList chosen={scope.tenant} onChoose={choose} />
      </PopoverContent>
    </Popover>
  )
}

function TenantList({ chosen, onChoose }: { chosen: string | null; onChoose: (tenant: string | null) => void }) {
  const trpc = useTRPC()
  const [search, setSearch] = useState('')
  const { data, error } = useQuery(trpc.shell.tenants.queryOptions({ search }, { placeholderData: keepPreviousData }))
  const row = (value: string | null, label: string, hint?: string) => (
    <CommandItem key={value ?? ''} value={value ?? 'all tenants'} onSelect={() => onChoose(value)}>
      <Check aria-hidden className={cn(value !== chosen && 'invisible')} />
      <span className="truncate">{label}</span>
      {hint && <span className="ml-auto truncate text-sm text-muted">{hint}</span>}
    </CommandItem>
  )
  return (
    <Command label="Tenant" shouldFilter={false}>
      <CommandInput placeholder="Search tenants" value={search} onValueChange={setSearch} />
      <CommandList aria-label="Tenants">
        {search === '' && row(null, 'All tenants')}
        {data?.tenants.map(({ slug, name }) => row(slug, slug, name === slug ? undefined : name))}
        <CommandEmpty>
          {error ? 'The tenants could not be read.' : data ? 'No tenant matches.' : 'Loading'}
        </CommandEmpty>
      </CommandList>
      {data?.more && (
        <p className="border-t border-line px-3 py-1.5 text-sm text-faint">The first 50. Search for others.</p>
      )}
    </Command>
  )
}

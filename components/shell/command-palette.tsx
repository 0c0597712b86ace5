'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTheme } from 'next-themes'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/components/ui/command'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { usePalette } from './palette'
import { useScope, withScope } from './search-params'
import { signOut } from './sign-out'
import { connectHref, topics } from './topics'
import { useTRPC } from './trpc'
import { themes } from './user-menu'

/** Pages, prompts, tenants and actions by typing. */
export function CommandPalette() {
  const { open, show } = usePalette()
  return (
    <Dialog open={open === 'palette'} onOpenChange={(next) => show(next ? 'palette' : null)}>
      <DialogContent title="Search or jump to" hideTitle>
        <PaletteContent onDone={() => show(null)} onHelp={() => show('help')} />
      </DialogContent>
    </Dialog>
  )
}

function PaletteContent({ onDone, onHelp }: { onDone: () => void; onHelp: () => void }) {
  const router = useRouter()
  const { params, setParams } = useScope()
  const [search, setSearch] = useState('')
  const go = (href: string) => () => {
    onDone()
    router.push(withScope(href, params))
  }
  return (
    <Command label="Search or jump to" loop>
      <CommandInput placeholder="A page, a prompt, a tenant, an action" value={search} onValueChange={setSearch} />
      <CommandList>
        <CommandEmpty>Nothing matches.</CommandEmpty>
        <CommandGroup heading="Pages">
          {topics.map(({ href, label, letter }) => (
            <CommandItem key={href} value={`page ${label}`} keywords={[label]} onSelect={go(href)}>
              {label}
              <span className="ml-auto">
                <Kbd>g {letter}</Kbd>
              </span>
            </CommandItem>
          ))}
        </CommandGroup>
        <Actions onDone={onDone} onHelp={onHelp} onGo={go} />
        <Found
          search={search.trim()}
          onPrompt={(name) => go(`/prompts/${encodeURIComponent(name)}`)()}
          onTenant={(tenant) => {
            onDone()
            void setParams({ tenant })
          }}
        />
      </CommandList>
    </Command>
  )
}

interface ActionsProps {
  onDone: () => void
  onHelp: () => void
  onGo: (href: string) => () => void
}

function Actions({ onDone, onHelp, onGo }: ActionsProps) {
  const { setTheme } = useTheme()
  const copyView = async () => {
    onDone()
    const copied = await navigator.clipboard.writeText(window.location.href).then(
      () => true,
      () => false,
    )
    if (copied) toast.done('The link to this view is copied')
    else toast.failed('The browser refused to copy', { detail: 'Copy it from the address bar.' })
  }
  return (
    <CommandGroup heading="Actions">
      <CommandItem value="What was live at" keywords={['history', 'incident']} onSelect={onGo('/what-was-live')}>
        What was live at …
      </CommandItem>
      <CommandItem value="Connect an application" onSelect={onGo(connectHref)}>
        Connect an application
      </CommandItem>
      <CommandItem value="Copy the link to this view" onSelect={() => void copyView()}>
        Copy the link to this view
      </CommandItem>
      {themes.map((theme) => (
        <CommandItem
          key={theme}
          value={`theme ${theme}`}
          onSelect={() => {
            onDone()
            setTheme(theme)
          }}
        >
          Theme: {theme}
        </CommandItem>
      ))}
      <CommandItem value="Keyboard shortcuts help" onSelect={onHelp}>
        Keyboard shortcuts
        <span className="ml-auto">
          <Kbd>?</Kbd>
        </span>
      </CommandItem>
      <CommandItem value="Sign out" onSelect={() => void signOut()}>
        Sign out
      </CommandItem>
    </CommandGroup>
  )
}

interface FoundProps {
  search: string
  onPrompt: (name: string) => void
  onTenant: (tenant: string | null) => void
}

/** What the server finds: nothing is asked until something is typed. */
function Found({ search, onPrompt, onTenant }: FoundProps) {
  const trpc = useTRPC()
  const options = { enabled: search !== '', placeholderData: keepPreviousData }
  const prompts = useQuery(trpc.shell.prompts.queryOptions({ search }, options))
  const tenants = useQuery(trpc.shell.tenants.queryOptions({ search }, options))
  if (search === '') return null
  return (
    <>
      <CommandGroup heading="Prompts">
        {prompts.data?.prompts.map((name) => (
          <CommandItem key={name} value={`prompt ${name}`} onSelect={() => onPrompt(name)}>
            <span className="font-mono text-sm">{name}</span>
          </CommandItem>
        ))}
      </CommandGroup>
      <CommandGroup heading="Tenants">
        {tenants.data?.tenants.map(({ slug, name }) => (
          <CommandItem key={slug} value={`tenant ${slug}`} keywords={[name]} onSelect={() => onTenant(slug)}>
            {slug}
            {name !== slug && <span className="text-sm text-muted">{name}</span>}
          </CommandItem>
        ))}
      </CommandGroup>
    </>
  )
}

'use client'

import { Link } from '@/components/ui/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { percentText } from '@/components/format/percent'
import { BrandMark } from '@/components/ui/brand-mark'
import { cn } from '@/components/ui/cn'
import { Tooltip } from '@/components/ui/tooltip'
import { useScope, withScope } from './search-params'
import { usePulse } from './pulse'
import { connectHref, isWithin, topics, type Topic } from './topics'
import { UserMenu } from './user-menu'

/** The pages by the memory they belong to, each with its live figure; `onMove` closes it where it covers the page. */
export function Sidebar({ onMove }: { onMove?: () => void }) {
  const of = (memory: Topic['memory']) => topics.filter((topic) => topic.memory === memory)
  const [overview, settings] = of(null)
  const item = (topic: Topic) => <Item key={topic.href} topic={topic} onMove={onMove} />
  return (
    <nav aria-label="Pages" className="flex h-full flex-col gap-0.5 overflow-y-auto px-2 pt-4 pb-2">
      <div className="flex items-center gap-2 px-2 pb-4 text-lg font-semibold tracking-tight">
        <BrandMark />
        Engram
      </div>
      {overview && item(overview)}
      <GroupTitle memory="redis">Short-term · Redis</GroupTitle>
      {of('redis').map(item)}
      <GroupTitle memory="postgres">Long-term · Postgres</GroupTitle>
      {of('postgres').map(item)}
      <div className="mt-auto grid gap-0.5 pt-4">
        <ConnectLink onMove={onMove} />
        {settings && item(settings)}
        <UserMenu />
      </div>
    </nav>
  )
}

function GroupTitle({ memory, children }: { memory: 'redis' | 'postgres'; children: ReactNode }) {
  return (
    <p data-memory={memory} className="flex items-center gap-2 px-2 pt-4 pb-1 text-xs text-faint">
      <span aria-hidden className="size-1.5 rounded-[2px] bg-memory" />
      {children}
    </p>
  )
}

const itemLook = 'flex justify-between gap-2 rounded-md px-2 py-1 text-muted hover:bg-sunken hover:text-text'
const currentLook = 'bg-sunken font-medium text-text dark:bg-panel'

function Item({ topic, onMove }: { topic: Topic; onMove?: () => void }) {
  const pathname = usePathname()
  const { params } = useScope()
  // "Connect an application" stands beside Settings as an entry of its own.
  const current = isWithin(pathname, topic.href) && pathname !== connectHref
  return (
    <Link
      href={withScope(topic.href, params)}
      aria-current={current ? 'page' : undefined}
      className={cn(itemLook, current && currentLook)}
      onClick={onMove}
    >
      {topic.label}
      <ItemFigure href={topic.href} />
    </Link>
  )
}

function ConnectLink({ onMove }: { onMove?: () => void }) {
  const current = usePathname() === connectHref
  return (
    <Link
      href={connectHref}
      aria-current={current ? 'page' : undefined}
      className={cn(itemLook, current && currentLook)}
      onClick={onMove}
    >
      Connect an application
    </Link>
  )
}

const figureLook = 'text-faint font-normal'

function ItemFigure({ href }: { href: string }) {
  const { pulse } = usePulse()
  if (href === '/') return <kbd className={cn(figureLook, 'font-sans max-md:hidden')}>g o</kbd>
  if (href === '/cache' && pulse?.nav.hitRate != null)
    return (
      <Tooltip side="right" content="Hit rate of the last minute, all keys of this Redis (INFO stats)">
        <span className={figureLook}>{percentText(pulse.nav.hitRate)}</span>
      </Tooltip>
    )
  if (href === '/prompts' && pulse?.nav.prompts != null)
    return <span className={figureLook}>{pulse.nav.prompts.toLocaleString('en-US')}</span>
  return null
}

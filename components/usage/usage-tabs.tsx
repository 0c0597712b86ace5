'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { FilterChips } from './filter-chips'
import { usageHref, useUsage } from './search-params'

const views = [
  { href: '/usage', label: 'Spend' },
  { href: '/usage/requests', label: 'Requests' },
  { href: '/usage/compare', label: 'Compare' },
  { href: '/usage/savings', label: 'Savings' },
  { href: '/usage/budgets', label: 'Budgets' },
  { href: '/usage/prices', label: 'Prices' },
] as const

const ownScope = ['/usage/savings', '/usage/budgets', '/usage/prices']

/** The views of the same calls, each with the filters of the one before; on the right what only this view can be asked. */
export function UsageTabs({ children }: { children?: ReactNode }) {
  const { params } = useUsage()
  const path = usePathname()
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
      <nav
        aria-label="Views of usage"
        className="inline-flex max-w-full overflow-x-auto rounded-md border border-line bg-sunken p-0.5"
      >
        {views.map(({ href, label }) => (
          <Link
            key={href}
            href={usageHref(href, { ...params, sort: null, call: null })}
            aria-current={path === href ? 'page' : undefined}
            className={cn(
              'rounded-sm px-2.5 leading-5.5 whitespace-nowrap text-muted hover:text-text',
              'aria-[current=page]:bg-panel aria-[current=page]:text-text aria-[current=page]:shadow-panel dark:aria-[current=page]:bg-line',
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      {/* Their scopes are their own: the filters wait until the calls are on screen again. */}
      {!ownScope.includes(path) && <FilterChips />}
      {children && <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  )
}

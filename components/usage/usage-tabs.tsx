'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { ViewTabs } from '@/components/ui/view-tabs'
import { FilterChips } from './filter-chips'
import { SaveQuestionButton } from './questions/save-question-button'
import { usageHref, useUsage } from './search-params'

const views = [
  { href: '/usage', label: 'Spend' },
  { href: '/usage/requests', label: 'Requests' },
  { href: '/usage/conversations', label: 'Conversations' },
  { href: '/usage/compare', label: 'Compare' },
  { href: '/usage/questions', label: 'Days and questions' },
  { href: '/usage/savings', label: 'Savings' },
  { href: '/usage/budgets', label: 'Budgets' },
  { href: '/usage/prices', label: 'Prices' },
] as const

const ownScope = ['/usage/questions', '/usage/conversations', '/usage/savings', '/usage/budgets', '/usage/prices']

/** The views of the same calls, each with the filters of the one before; on the right what only this view can be asked. */
export function UsageTabs({ children }: { children?: ReactNode }) {
  const { params } = useUsage()
  const path = usePathname()
  return (
    <div className="grid min-w-0 gap-y-2">
      <ViewTabs
        label="Views of usage"
        views={views}
        linkTo={(href) => usageHref(href, { ...params, sort: null, call: null })}
      />
      {/* A row of its own: beside the tabs it would wrap, and push the page down, whenever one of them grows. */}
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2 empty:hidden">
        {/* Their scopes are their own: the filters wait until the calls are on screen again. */}
        {!ownScope.includes(path) && <FilterChips />}
        <SaveQuestionButton />
        {children && <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>}
      </div>
    </div>
  )
}

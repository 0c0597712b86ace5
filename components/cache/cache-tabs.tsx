'use client'

import { useScope, withScope } from '@/components/shell/search-params'
import { ViewTabs } from '@/components/ui/view-tabs'

const views = [
  { href: '/cache', label: 'Hit rate' },
  { href: '/cache/kv', label: 'Key-value' },
  { href: '/cache/keys', label: 'Keys' },
] as const

/** The views of what is kept for a while, on the same tenant and stretch of time. */
export function CacheTabs() {
  const { params } = useScope()
  return <ViewTabs label="Views of the cache" views={views} linkTo={(href) => withScope(href, params)} />
}

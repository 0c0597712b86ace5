'use client'

import { useState } from 'react'
import { useScope, withScope } from '@/components/shell/search-params'
import { EraseDialog } from '@/components/tenants/erase-dialog'
import { Button } from '@/components/ui/button'
import { ViewTabs } from '@/components/ui/view-tabs'
import { useMayChange } from '@/components/usage/prices/use-may-change'

const views = [
  { href: '/vectors', label: 'Tenants' },
  { href: '/vectors/models', label: 'Models' },
  { href: '/vectors/exit', label: 'When to leave' },
  { href: '/vectors/erasures', label: 'Erasures' },
] as const

/** The views of what tenants have remembered, and the way to end one. */
export function VectorsTabs() {
  const { scope, params } = useScope()
  const [erasing, setErasing] = useState(false)
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <ViewTabs label="Views of tenants' memories" views={views} linkTo={(href) => withScope(href, params)} />
      {useMayChange() && (
        <Button size="md" onClick={() => setErasing(true)}>
          Erase a tenant…
        </Button>
      )}
      {erasing && <EraseDialog tenant={scope.tenant} onClose={() => setErasing(false)} />}
    </div>
  )
}

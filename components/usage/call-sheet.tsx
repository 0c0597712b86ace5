'use client'

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { PanelBody } from '@/components/feedback/panel'
import { fullStamp } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Sheet, SheetClose, SheetContent } from '@/components/ui/sheet'
import type { UsageRequestId } from '@/server/services/usage/usage.schema'
import { CallCost } from './call-cost'
import { CallFacts } from './call-facts'
import { useUsage } from './search-params'
import { useUsageState } from './use-usage-state'

/** `tenant/id`: a tenant's name has no slash, an id may. */
function callOf(text: string | null): UsageRequestId | null {
  const slash = text?.indexOf('/') ?? -1
  return text && slash > 0 ? { tenant: text.slice(0, slash), id: text.slice(slash + 1) } : null
}

/** The whole story of the call that the address names. */
export function CallSheet() {
  const { params, setParams } = useUsage()
  const which = callOf(params.call)
  return (
    <Sheet open={which !== null} onOpenChange={(open) => !open && void setParams({ call: null })}>
      <SheetContent side="right" title={`The call ${which?.id}`}>
        {which && <Story which={which} />}
      </SheetContent>
    </Sheet>
  )
}

function Story({ which }: { which: UsageRequestId }) {
  const { scope } = useUsage()
  const query = useQuery(useTRPC().usage.request.queryOptions(which, { meta: { still: true } }))
  const state = useUsageState(query, 'this call')
  const call = query.data
  return (
    <article className="grid gap-4 p-4">
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg font-semibold">{call ? `${call.provider} · ${call.model}` : 'One call'}</h2>
          <p className="text-sm text-muted">{call ? fullStamp(call.occurredAt, scope.timezone) : which.id}</p>
        </div>
        <SheetClose asChild>
          <Button variant="ghost" size="icon" aria-label="Close" className="-mt-1 -mr-1.5">
            <X aria-hidden />
          </Button>
        </SheetClose>
      </header>
      <PanelBody state={state} title="this call" minHeight={320}>
        {call && (
          <div className="grid gap-4">
            <CallCost call={call} />
            <CallFacts call={call} timezone={scope.timezone} />
          </div>
        )}
      </PanelBody>
    </article>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { compactRate } from '@/components/format/count'
import { figureText } from '@/components/format/figure'
import { servedText } from '@/components/format/served'
import { useTRPC } from '@/components/shell/trpc'
import { Skeleton } from '@/components/ui/skeleton'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { deployedOn } from './deployed-on'

/** What a change of the pointer touches, shown before the choice. */
export function Touched({ page, afterwards }: { page: PromptPage; afterwards: string }) {
  const { name, channel } = page
  const live = deployedOn(page)
  const { data, isError } = useQuery(useTRPC().prompts.traffic.queryOptions({ name }))
  const rows = [
    { key: 'Channel', value: channel },
    { key: 'Live now', value: live ? servedText(live) : 'nothing' },
    { key: 'Afterwards', value: afterwards },
    {
      key: `Requests per minute${data ? `, last ${data.minutes} min` : ''}`,
      value: data ? (
        figureText(compactRate(data.perMinute, 'min'))
      ) : isError ? (
        'could not be read'
      ) : (
        <Skeleton className="h-4 w-12" />
      ),
    },
  ]
  return (
    <dl className="-mx-3.5 grid grid-cols-[1fr_auto] [&>*]:border-t [&>*]:border-line [&>*]:px-3.5 [&>*]:py-1">
      {rows.map(({ key, value }) => (
        <div key={key} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{key}</dt>
          <dd className="text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

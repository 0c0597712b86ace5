'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { figureText } from '@/components/format/figure'
import { servedText } from '@/components/format/served'
import { Sourced } from '@/components/feedback/source-note'
import { useTRPC } from '@/components/shell/trpc'
import { Skeleton } from '@/components/ui/skeleton'
import { promptChannel } from '@/server/services/prompts/prompts.schema'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { deployedOn } from './deployed-on'
import { touchedLabels, touchedRows, type TouchedRow } from './prepare-touched'

/** What a change of the pointer touches, shown before the choice, which never waits for it. */
export function Touched({
  page,
  afterwards,
  staying,
}: {
  page: PromptPage
  afterwards: string
  /** The versions that are served afterwards. */
  staying: number[]
}) {
  const { name, channel } = page
  const live = deployedOn(page)
  const { data, isError } = useQuery({
    ...useTRPC().prompts.touched.queryOptions({ name, channel, staying }, { staleTime: 0 }),
    enabled: promptChannel.safeParse(channel).success,
  })
  return (
    <dl className="-mx-3.5 grid grid-cols-[1fr_auto] [&>*]:border-t [&>*]:border-line [&>*]:px-3.5 [&>*]:py-1">
      <Row label={`On ${channel}`}>
        {live ? servedText(live) : 'nothing'} → {afterwards}
      </Row>
      {data
        ? touchedRows(data).map((row) => (
            <Row key={row.label} label={row.label}>
              <Value {...row} />
            </Row>
          ))
        : touchedLabels.map((label) => (
            <Row key={label} label={label}>
              {isError ? 'could not be read' : <Skeleton className="h-4 w-12" />}
            </Row>
          ))}
    </dl>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid gap-x-4">
      <dt className="text-muted">{label}</dt>
      <dd className="text-right wrap-anywhere">{children}</dd>
    </div>
  )
}

function Value({ figure, aside, source }: TouchedRow) {
  if (figure.missing) return <span className="text-sm text-muted">{figure.missing}</span>
  const text = (
    <>
      {figureText(figure)} {aside && <small className="text-sm text-muted">{aside}</small>}
    </>
  )
  return source ? <Sourced source={source}>{text}</Sourced> : text
}

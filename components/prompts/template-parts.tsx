'use client'

import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import type { Included } from '@/server/services/prompts/included-prompts'
import { includesOf, otherBracesIn, variablesOf } from '@/server/services/prompts/variables.schema'

const MOST = 40

/** What a content is made of besides text: variables, other prompts, and braces that are neither. */
export function TemplateParts({ content, name, channel }: { content: string; name: string; channel: string }) {
  const [variables, includes, others] = [variablesOf(content), includesOf(content), otherBracesIn(content)]
  const { data: included } = useIncluded(includes, channel)
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1 text-sm text-muted">
      <Parts label="Variables" of={variables} none="none; write one as {{name}}" />
      {includes.length > 0 && (
        <>
          <dt>Includes</dt>
          <dd className="flex flex-wrap gap-x-3 gap-y-1">
            {includes.slice(0, MOST).map((include) => (
              <span key={include}>
                <Part>{include}</Part>{' '}
                {included && <IncludeState of={included} name={include} itself={name} channel={channel} />}
              </span>
            ))}
          </dd>
        </>
      )}
      {others.length > 0 && <Parts label="Sent as text" of={others} none="" />}
    </dl>
  )
}

/** What the included prompts serve on the channel, and what those include. */
export function useIncluded(names: string[], channel: string) {
  return useQuery({
    ...useTRPC().prompts.includes.queryOptions({ names: names.slice(0, MOST), channel }),
    enabled: names.length > 0,
    placeholderData: (before) => before,
  })
}

function Parts({ label, of, none }: { label: string; of: string[]; none: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="flex flex-wrap gap-1.5">
        {of.length === 0 && none}
        {of.slice(0, MOST).map((part) => (
          <Fragment key={part}>
            <Part>{part}</Part>{' '}
          </Fragment>
        ))}
        {of.length > MOST && `${MOST} of ${count(of.length)}`}
      </dd>
    </>
  )
}

const Part = ({ children }: { children: ReactNode }) => (
  <span className="rounded-sm bg-pg-soft px-1 font-mono wrap-anywhere text-pg-ink">{children}</span>
)

function IncludeState({
  of,
  name,
  itself,
  channel,
}: {
  of: Included[]
  name: string
  itself: string
  channel: string
}) {
  const included = of.find((candidate) => candidate.name === name)
  if (name === itself) return <span className="text-bad">a prompt must not include itself</span>
  if (!included) return null
  if (!included.exists) return <span className="text-bad">there is no such prompt</span>
  if (included.version === null) return <span className="text-warn-ink">nothing is live on {channel}</span>
  if (includesOf(included.content ?? '').includes(itself))
    return <span className="text-bad">v{included.version} includes this prompt</span>
  return (
    <span>
      v{included.version} on {channel}
    </span>
  )
}

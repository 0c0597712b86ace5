'use client'

import { useQuery } from '@tanstack/react-query'
import { Check, TriangleAlert } from 'lucide-react'
import { count } from '@/components/format/count'
import { Age } from '@/components/feedback/age'
import { useNow } from '@/components/feedback/ticker'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { UsageChecks } from '@/server/services/usage/checks/usage-checks'
import { FiguresDifference } from './figures-difference'

/** A worker looks twice a minute; after this long without a look, none does. */
const OVERDUE_MS = 5 * 60_000

/** Whether the figures add up, by the looks that the worker takes at random stretches of time, and how old that is. */
export function FiguresBadge() {
  const { data } = useQuery(useTRPC().usage.checks.queryOptions())
  const now = useNow()
  if (!data) return null
  const { newest, open } = data
  const overdue = newest !== null && now !== null && now - Date.parse(newest.checkedAt) > OVERDUE_MS
  const verdict = open.length > 0 ? 'differ' : overdue || newest === null ? 'unknown' : 'right'
  const looks = { differ: 'text-bad', unknown: 'text-warn-ink', right: 'text-ok-ink' }[verdict]
  const Icon = verdict === 'right' ? Check : TriangleAlert
  const words = { differ: 'Figures differ', unknown: 'Figures not checked', right: 'Figures add up' }[verdict]
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" className={cn('gap-1.5 px-2 text-sm', looks)}>
          <Icon aria-hidden className="size-3.5" />
          {words}
          {newest && (
            <span className="text-faint">
              <Age at={newest.checkedAt} />
            </span>
          )}
        </Button>
      </PopoverTrigger>
      <PopoverContent
        label="How the figures are checked"
        align="end"
        className="grid w-xl max-w-[calc(100vw-2rem)] gap-3"
      >
        <Summary checks={data} overdue={overdue} />
        {open.map((check) => (
          <FiguresDifference key={check.id} check={check} />
        ))}
      </PopoverContent>
    </Popover>
  )
}

function Summary({ checks: { day, newest, open, rules }, overdue }: { checks: UsageChecks; overdue: boolean }) {
  if (newest === null)
    return <p className="text-muted">Nothing was checked yet: a worker begins as soon as there is usage.</p>
  return (
    <>
      <p>
        A worker compares the sums with the calls they were made of, for one stretch of time after another.
        {overdue && <strong className="text-warn-ink"> It has not done so for a while: is a worker running?</strong>}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-sm text-muted tabular-nums">
        <dt>Last 24 hours</dt>
        <dd>
          {count(day.checks)} looks at {count(day.calls)} calls, {count(day.failed)} found a difference
        </dd>
        <dt>The last one</dt>
        <dd>
          {count(newest.calls)} calls from {newest.from.slice(0, 16)} to {newest.to.slice(0, 16)} UTC, in{' '}
          {count(newest.tookMs)} ms
        </dd>
      </dl>
      {open.length === 0 && (
        <ul className="grid gap-0.5 text-sm">
          {rules.map((rule) => (
            <li key={rule} className="flex gap-1.5">
              <Check aria-hidden className="mt-0.75 size-3.5 shrink-0 text-ok-ink" />
              {rule}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

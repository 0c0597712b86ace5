'use client'

import { useQuery } from '@tanstack/react-query'
import { Link } from '@/components/ui/link'
import { dayMonth } from '@/components/format/instant'
import { useTRPC } from '@/components/shell/trpc'
import { usageHref } from '@/components/usage/search-params'

const SHOWN = 3

/** Budgets that are used up, or foreseen to be, above the spend itself; nothing where there is none. */
export function BudgetNotice({ tenant }: { tenant: string | null }) {
  const told = useQuery(useTRPC().budgets.told.queryOptions({ tenant })).data ?? []
  if (told.length === 0) return null
  const text = told
    .slice(0, SHOWN)
    .map(({ name, exhaustedAt, timezone }) =>
      exhaustedAt ? `${name} will be used up about ${dayMonth(exhaustedAt, timezone)}` : `${name} is used up`,
    )
  const more = told.length > SHOWN ? ` and ${told.length - SHOWN} more` : ''
  return (
    <p role="status" className="rounded-lg border border-line bg-warn-soft px-3.5 py-1.5 text-sm">
      <b className="font-medium">Budgets:</b> {text.join('; ')}
      {more}.{' '}
      <Link href={usageHref('/usage/budgets', { tenant })} className="underline">
        See the budgets
      </Link>
    </p>
  )
}

'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import type { ShownRules } from '@/server/services/flags/list-flags'
import { previewText } from './flag-words'

/** What a change would do, before it is made. Null rules: what holds for all. */
export function Preview({ name, tenant, rules }: { name: string; tenant: string | null; rules: ShownRules | null }) {
  const query = useQuery(
    useTRPC().flags.preview.queryOptions({ name, tenant, rules }, { placeholderData: keepPreviousData, retry: false }),
  )
  return (
    <p role="status" className="text-muted">
      {query.data
        ? previewText(query.data)
        : query.isError
          ? `Not counted: ${query.error.message}`
          : 'Counting whom it reaches …'}
    </p>
  )
}

'use client'

import { useCallback } from 'react'
import { Select } from '@/components/ui/select'
import { TextFilter } from '@/components/ui/text-filter'
import { problems } from '@/server/services/conversations/conversations.schema'
import { useConversations } from './conversation-params'

const problemNames = {
  any: 'Any problem',
  error: 'Errors',
  timeout: 'Timeouts',
  refused: 'Refusals',
  cancelled: 'Cancelled calls',
}
const options = [
  { value: 'all', label: 'With and without problems' },
  ...problems.map((value) => ({ value, label: problemNames[value] })),
]

/** What the list is narrowed down to, beside tenant and time at the top of the page. */
export function ConversationFilters() {
  const { params, setParams } = useConversations()
  const setUser = useCallback((user: string | null) => void setParams({ user }, { history: 'replace' }), [setParams])
  const setPrompt = useCallback(
    (prompt: string | null) => void setParams({ prompt }, { history: 'replace' }),
    [setParams],
  )
  return (
    <>
      <TextFilter label="User" placeholder="User" value={params.user} onChange={setUser} />
      <TextFilter
        label="Prompt version"
        placeholder="Prompt, as support-reply@7"
        value={params.prompt}
        onChange={setPrompt}
      />
      <Select
        label="Problems"
        value={params.problem ?? 'all'}
        onValueChange={(value) => void setParams({ problem: problems.find((one) => one === value) ?? null })}
        options={options}
      />
    </>
  )
}

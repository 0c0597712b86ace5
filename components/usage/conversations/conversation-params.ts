import { useQueryStates } from 'nuqs'
import { createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { scopeOf } from '@/components/shell/search-params'
import { useTimezone } from '@/components/shell/timezone'
import { usageParams } from '@/components/usage/search-params'
import { problems } from '@/server/services/conversations/conversations.schema'

/** The filters of Usage that conversations know, what went wrong, and the one that is open (tenant/id). */
export const conversationParams = {
  ...usageParams,
  problem: parseAsStringLiteral(problems),
  conversation: parseAsString,
}
const href = createSerializer(conversationParams)
export const conversationHref = ({ tenant, id }: { tenant: string; id: string }) =>
  href('/usage/conversations', { conversation: `${tenant}/${id}` })

/** A tenant's name has no slash, an id may. */
export function conversationOf(text: string | null): { tenant: string; id: string } | null {
  const slash = text?.indexOf('/') ?? -1
  return text && slash > 0 ? { tenant: text.slice(0, slash), id: text.slice(slash + 1) } : null
}

export function useConversations() {
  const timezone = useTimezone()
  const [params, setParams] = useQueryStates(conversationParams, { history: 'push', shallow: true })
  const scope = scopeOf(params, timezone)
  const { user, prompt, problem } = params
  const input = { ...scope, user: user || null, prompt: prompt || null, problem }
  return { params, setParams, scope, input, open: conversationOf(params.conversation) }
}

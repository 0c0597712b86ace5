import { conversationsByLastTurn, type Listed } from '@/db/postgres/queries/conversations'
import type { Stores } from '@/server/services/context'
import { windowOf } from '@/server/services/scope.schema'
import { promptOf } from '@/server/services/usage/usage-key'
import type { ListConversations } from './conversations.schema'

const PAGE = 50

/** Conversations whose last turn lies in the range, the newest first, each with what all of its calls add up to. */
export async function listConversations(
  { db }: Pick<Stores, 'db'>,
  { cursor, direction: _, user, prompt, problem, tenant, ...scope }: ListConversations,
  { now = new Date(), limit = PAGE } = {},
) {
  // The range of the first page, however long somebody reads.
  const asOf = cursor ? new Date(cursor.asOf) : now
  const { from, to } = windowOf(scope, asOf)
  const filter = { tenant, user, prompt: prompt === null ? null : promptOf(prompt), problem, from, to }
  const found = await conversationsByLastTurn(db, filter, { after: cursor ?? null, limit: limit + 1 })
  const conversations = found.slice(0, limit)
  const last = conversations.at(-1)
  return {
    asOf: asOf.toISOString(),
    conversations: conversations.map(listed),
    next: last && found.length > limit ? cursorAfter(last, asOf) : null,
  }
}
export type ConversationList = Awaited<ReturnType<typeof listConversations>>
export type ListedConversation = ConversationList['conversations'][number]

const listed = ({ startedAt, lastAt, ...row }: Listed) => ({
  ...row,
  startedAt: startedAt.toISOString(),
  lastAt: lastAt.toISOString(),
})

const cursorAfter = ({ lastAt, tenant, id }: Listed, asOf: Date) => ({
  asOf: asOf.toISOString(),
  lastAt: lastAt.toISOString(),
  ...{ tenant, id },
})

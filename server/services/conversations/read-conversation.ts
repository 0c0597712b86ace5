import {
  callsOfConversation,
  type ConversationCall,
  messagesBefore,
  selectConversation,
  usageOfConversation,
} from '@/db/postgres/queries/conversations'
import { AppError } from '@/server/errors'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { inItsStore } from '@/server/services/sessions/in-its-store'
import { promptKey } from '@/server/services/usage/usage-key'
import { BEFORE_MS, callsOfTurns } from './calls-of-turns'
import type { ReadConversation } from './conversations.schema'

const PAGE = 100
const MOST_CALLS = 1_000

/**
 * A conversation from its end: a page of its turns in order, each with the calls that made it, and what the whole of it adds
 * up to. Calls that name a conversation without turns are shown by themselves. @throws AppError `not_found`
 */
export async function readConversation(
  stores: Stores,
  { cursor, direction: _, ...which }: ReadConversation,
  { limit = PAGE } = {},
) {
  const { db } = stores
  const [known, usage, found] = await Promise.all([
    selectConversation(db, which),
    usageOfConversation(db, which),
    messagesBefore(db, which, { before: cursor ?? null, limit: limit + 1 }),
  ])
  if (!known && usage.calls === 0)
    throw new AppError('not_found', `No conversation ${which.id} of ${which.tenant} is known.`, { field: 'id' })
  const messages = found.slice(-limit)
  const [first] = messages
  const before = found.length > limit ? found[0] : undefined
  const calls = await callsOfConversation(db, which, {
    from: before ? new Date(Math.max(before.at.getTime(), (first?.at.getTime() ?? 0) - BEFORE_MS)) : null,
    to: cursor ? new Date(cursor.at) : null,
    limit: MOST_CALLS,
  })
  const { turns, rest } = callsOfTurns(messages, calls)
  return {
    ...which,
    asOf: new Date().toISOString(),
    user: known?.user ?? null,
    startedAt: known?.startedAt.toISOString() ?? null,
    lastAt: known?.lastAt.toISOString() ?? null,
    turnsInAll: known?.turns ?? 0,
    usage,
    turns: turns.map(({ turn: { at, ...turn }, link, calls: its }) => ({
      ...turn,
      at: at.toISOString(),
      link,
      calls: its.map(callOf),
    })),
    /** Calls of the conversation in the time of these turns that made none of them; the newest ones. */
    callsWithoutTurn: rest.map(callOf),
    session: cursor ? null : await liveSession(stores, which),
    next: before && first ? { begun: first.begun, ordinal: first.ordinal, at: first.at.toISOString() } : null,
  }
}
export type ConversationPage = Awaited<ReturnType<typeof readConversation>>
export type ShownTurn = ConversationPage['turns'][number]
export type ShownCall = ConversationPage['callsWithoutTurn'][number]

const callOf = ({ occurredAt, promptName, promptVersion, ...call }: ConversationCall) => ({
  ...call,
  occurredAt: occurredAt.toISOString(),
  prompt: promptKey(promptName, promptVersion),
})

/** Whether its session lives; `missing` says why nobody knows (R12). */
async function liveSession(stores: Stores, { tenant, id }: { tenant: string; id: string }) {
  try {
    const found = await inItsStore(stores, id, (store) => store.peek(id))
    const mine = found?.tenant === tenant && found.expiresAt > 0
    return { missing: null, expiresAt: mine ? new Date(found.expiresAt).toISOString() : null }
  } catch (error) {
    const why = expected(error)
    if (!why) throw error
    return { missing: why.message, expiresAt: null }
  }
}

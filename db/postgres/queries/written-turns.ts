import { sql } from 'drizzle-orm'
import type { Transaction } from '@/db/postgres/client'
import { conversations, messages } from '@/db/postgres/schema/conversations'

export type NewMessage = Omit<typeof messages.$inferInsert, 'writtenAt'> & { user: string }

/** Waits for an erasure that is under way: what it took from Redis must not be read before, and written after it. */
export async function beginWritingTurns(tx: Transaction): Promise<void> {
  await tx.execute(sql`lock table messages in row exclusive mode`)
}

/**
 * Writes turns and moves their conversations on; turns that are there already change nothing. How many were new. In one
 * order, so that two workers never wait for each other in a circle.
 */
export async function insertMessages(tx: Transaction, turns: readonly NewMessage[]): Promise<number> {
  const ordered = turns.toSorted((a, b) => compare(keyOf(a), keyOf(b)) || a.begun - b.begun || a.ordinal - b.ordinal)
  const fresh = await tx
    .insert(messages)
    .values(ordered.map(({ user: _, ...message }) => message))
    .onConflictDoNothing()
    .returning({ tenant: messages.tenant, conversation: messages.conversation, at: messages.at })
  if (fresh.length === 0) return 0

  const users = new Map(ordered.map((turn) => [keyOf(turn), turn.user]))
  const moved = new Map<string, typeof conversations.$inferInsert>()
  for (const { tenant, conversation, at } of fresh) {
    const key = keyOf({ tenant, conversation })
    const known = moved.get(key)
    moved.set(key, {
      ...{ tenant, id: conversation, userId: users.get(key) ?? '' },
      startedAt: known && known.startedAt < at ? known.startedAt : at,
      lastAt: known && known.lastAt > at ? known.lastAt : at,
      turns: (known?.turns ?? 0) + 1,
    })
  }
  await tx
    .insert(conversations)
    .values([...moved].toSorted(([a], [b]) => compare(a, b)).map(([, row]) => row))
    .onConflictDoUpdate({
      target: [conversations.tenant, conversations.id],
      set: {
        userId: sql`excluded.user_id`,
        startedAt: sql`least(${conversations.startedAt}, excluded.started_at)`,
        lastAt: sql`greatest(${conversations.lastAt}, excluded.last_at)`,
        turns: sql`${conversations.turns} + excluded.turns`,
      },
    })
  return fresh.length
}

/** A slug has no slash. */
const keyOf = ({ tenant, conversation }: { tenant: string; conversation: string }) => `${tenant}/${conversation}`
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

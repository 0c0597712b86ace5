import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { outbox } from '@/db/postgres/schema/outbox'
import { promptActivations } from '@/db/postgres/schema/prompts'

export type ActivationNote = { promptId: number; name: string; channel: string; revision: number }
export type PendingNote = { id: number; note: ActivationNote }
export type FlagNote = { name: string; revision: number }
export type PendingFlagNote = { id: number; flag: FlagNote }
export type PendingAny = PendingNote | PendingFlagNote
const TOPIC = 'prompt-activation'
const FLAG_TOPIC = 'flag-change'
/** What a transaction that adds a note notifies: a worker that listens need not wait for its next look. */
export const NOTES_CHANNEL = 'engram_outbox'

/** Says that Redis must still hear of an activation. */
export async function insertActivationNote(db: Db, note: ActivationNote): Promise<PendingNote> {
  return { id: await insertNote(db, TOPIC, note), note }
}

/** Says that Redis must still hear of a change of a flag. */
export async function insertFlagNote(db: Db, flag: FlagNote): Promise<PendingFlagNote> {
  return { id: await insertNote(db, FLAG_TOPIC, flag), flag }
}

async function insertNote(db: Db, topic: string, payload: Record<string, unknown>): Promise<number> {
  const [row] = await db
    .insert(outbox)
    .values({ topic, payload })
    .returning({ id: outbox.id, notified: sql`pg_notify(${NOTES_CHANNEL}, '')` })
  if (!row) throw new Error('outbox: the insert returned no row')
  return row.id
}

/** An attempt is due 0, 0.2, 0.6, 1.4 and 3 s after the note was made, and then once a second. */
const dueAt = sql`${outbox.createdAt} + interval '1 s' * least(0.2 * (power(2, least(${outbox.attempts}, 10)) - 1), ${outbox.attempts})`

/**
 * Takes due notes that nobody else is taking, oldest first. Counting the attempt is the claim: it is due again by
 * itself when the process that took it dies, and no lock is held while Redis is spoken to.
 */
export async function claimDueNotes(db: Db, { limit }: { limit: number }): Promise<PendingAny[]> {
  const due = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(isNull(outbox.doneAt), inArray(outbox.topic, [TOPIC, FLAG_TOPIC]), sql`clock_timestamp() >= ${dueAt}`))
    .orderBy(asc(outbox.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await db
    .update(outbox)
    .set({ attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, due))
    .returning({ id: outbox.id, topic: outbox.topic, payload: outbox.payload })
  return rows
    .map(({ id, topic, payload }) =>
      topic === FLAG_TOPIC ? { id, flag: payload as FlagNote } : { id, note: payload as ActivationNote },
    )
    .sort((a, b) => a.id - b.id)
}

/** Writes down that Redis knows; answers when it first did, in the order of `notes`. */
export async function markApplied(db: Db, notes: readonly PendingNote[]): Promise<(Date | null)[]> {
  const moved = notes.map(({ note }) =>
    and(
      eq(promptActivations.promptId, note.promptId),
      eq(promptActivations.channel, note.channel),
      eq(promptActivations.revision, note.revision),
    ),
  )
  const { promptId, channel, revision, appliedAt } = promptActivations
  const rows = await db
    .update(promptActivations)
    .set({ appliedAt: sql`coalesce(${appliedAt}, clock_timestamp())` })
    .where(or(...moved))
    .returning({ promptId, channel, revision, appliedAt })
  await markDone(db, idsOf(notes))
  const key = (of: { promptId: number; channel: string; revision: number }) =>
    `${of.promptId} ${of.channel} ${of.revision}`
  const applied = new Map(rows.map((row) => [key(row), row.appliedAt]))
  return notes.map(({ note }) => applied.get(key(note)) ?? null)
}

export async function markDone(db: Db, ids: readonly number[]): Promise<void> {
  await db
    .update(outbox)
    .set({ doneAt: sql`clock_timestamp()`, lastError: null })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
}

export async function noteFailure(db: Db, { ids, error }: { ids: readonly number[]; error: string }): Promise<void> {
  await db
    .update(outbox)
    .set({ lastError: error })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
}

/** Forgets at most `limit` notes done before then; answers how many. */
export async function deleteDoneNotes(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const old = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(lt(outbox.doneAt, before))
    .orderBy(asc(outbox.id))
    .limit(limit)
  const rows = await db.delete(outbox).where(inArray(outbox.id, old)).returning({ id: outbox.id })
  return rows.length
}

const idsOf = (notes: readonly PendingNote[]) => notes.map(({ id }) => id)

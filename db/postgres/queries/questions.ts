import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { savedQuestions, toldDays } from '@/db/postgres/schema/questions'

export const MOST_QUESTIONS = 200

const { id, name, path, search, createdBy, createdAt } = savedQuestions

export async function selectQuestions(db: Db) {
  return db
    .select({ id, name, path, search, createdBy, createdAt })
    .from(savedQuestions)
    .orderBy(asc(name))
    .limit(MOST_QUESTIONS)
}

/** `taken` when there is one of that name, `full` when there are as many as there may be. */
export async function insertQuestion(
  tx: Transaction,
  question: Pick<typeof savedQuestions.$inferInsert, 'name' | 'path' | 'search' | 'createdBy'>,
): Promise<{ id: string } | 'taken' | 'full'> {
  const [{ count } = { count: 0 }] = await tx.select({ count: sql<number>`count(*)::int` }).from(savedQuestions)
  if (count >= MOST_QUESTIONS) return 'full'
  const [row] = await tx.insert(savedQuestions).values(question).onConflictDoNothing().returning({ id })
  return row ?? 'taken'
}

/** What it was; null when there is none. */
export async function deleteQuestion(tx: Transaction, which: string) {
  const [row] = await tx.delete(savedQuestions).where(eq(id, which)).returning({ name, path, search })
  return row ?? null
}

/** False when the day, `YYYY-MM-DD`, was told already. */
export async function insertToldDay(tx: Transaction, day: string): Promise<boolean> {
  const told = await tx.insert(toldDays).values({ day }).onConflictDoNothing().returning({ day: toldDays.day })
  return told.length > 0
}

import { desc, lt } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { sessionChecks } from '@/db/postgres/schema/sessions'

const {
  at,
  milliseconds,
  keysScanned,
  sessions,
  indexed,
  indexedWithoutSession,
  sessionsWithoutIndex,
  junk,
  junkKeys,
  misplaced,
} = sessionChecks
const shown = {
  ...{
    at,
    milliseconds,
    keysScanned,
    sessions,
    indexed,
    indexedWithoutSession,
    sessionsWithoutIndex,
    junk,
    junkKeys,
    misplaced,
  },
}

export async function insertSessionCheck(db: Db, check: typeof sessionChecks.$inferInsert): Promise<void> {
  await db.insert(sessionChecks).values(check).onConflictDoNothing()
}

/** The newest ones first. */
export async function selectSessionChecks(db: Db, { limit }: { limit: number }) {
  return db.select(shown).from(sessionChecks).orderBy(desc(at)).limit(limit)
}
export type SessionCheck = Awaited<ReturnType<typeof selectSessionChecks>>[number]

export async function pruneSessionChecks(db: Db, before: Date): Promise<void> {
  await db.delete(sessionChecks).where(lt(at, before))
}

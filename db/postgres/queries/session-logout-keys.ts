import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { sessionLogoutKeys as taken } from '@/db/postgres/schema/sessions'

/** `key` is base64url, `digest` its SHA-256; `expiresAt` in epoch milliseconds, null where it stays. */
export type TakenKey = { digest: string; key: string; expiresAt: number | null }
const shown = { digest: taken.digest, key: taken.key, expiresAt: taken.expiresAt }

/** Notes what is about to be taken; what was noted before is noted anew. */
export async function insertTakenKeys(db: Db, logoutId: string, keys: TakenKey[]): Promise<TakenKey[]> {
  if (keys.length === 0) return []
  return db
    .insert(taken)
    .values(keys.map((one) => ({ ...one, logoutId })))
    .onConflictDoUpdate({
      target: [taken.logoutId, taken.digest],
      set: { expiresAt: sql`excluded.expires_at`, at: sql`now()` },
    })
    .returning(shown)
}

export function selectTakenKeys(db: Db, logoutId: string, { limit }: { limit: number }): Promise<TakenKey[]> {
  return db.select(shown).from(taken).where(eq(taken.logoutId, logoutId)).orderBy(asc(taken.digest)).limit(limit)
}

/** What was left to a key when it was taken, where that changed since it was noted. */
export async function updateTakenKey(
  db: Db,
  logoutId: string,
  { digest, expiresAt }: Omit<TakenKey, 'key'>,
): Promise<void> {
  await db
    .update(taken)
    .set({ expiresAt })
    .where(and(eq(taken.logoutId, logoutId), eq(taken.digest, digest)))
}

export async function deleteTakenKeys(db: Db, logoutId: string, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return
  await db.delete(taken).where(and(eq(taken.logoutId, logoutId), inArray(taken.digest, [...digests])))
}

/** Forgets those of before: none of them waits any more. */
export async function pruneTakenKeys(db: Db, before: Date): Promise<void> {
  await db.delete(taken).where(lt(taken.at, before))
}

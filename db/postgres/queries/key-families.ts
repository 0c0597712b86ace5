import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { keyFamilies } from '@/db/postgres/schema/cache'

export const MOST_KEY_FAMILIES = 200

/** By name. */
export function selectKeyFamilies(db: Db) {
  const { name, pattern, kind, decode, userAt, software, createdBy, createdAt } = keyFamilies
  return db
    .select({ name, pattern, kind, decode, userAt, software, createdBy, createdAt })
    .from(keyFamilies)
    .orderBy(asc(name))
    .limit(MOST_KEY_FAMILIES)
}
export type KeyFamily = Awaited<ReturnType<typeof selectKeyFamilies>>[number]

export async function countKeyFamilies(db: Db): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(keyFamilies)
  return row?.count ?? 0
}

/** False when there is one of that name or of that pattern. */
export async function insertKeyFamily(tx: Transaction, family: typeof keyFamilies.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(keyFamilies).values(family).onConflictDoNothing().returning({ name: keyFamilies.name })
  return rows.length > 0
}

/** What was deleted; null when there was none. */
export async function deleteKeyFamily(tx: Transaction, name: string) {
  const [gone] = await tx.delete(keyFamilies).where(eq(keyFamilies.name, name)).returning()
  return gone ?? null
}

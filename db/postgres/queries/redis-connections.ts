import { asc, eq } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { redisConnections } from '@/db/postgres/schema/redis-connections'

const { id, name, urls, sealedPassword, cluster, writable, createdBy, createdAt } = redisConnections
const shown = { id, name, urls, sealedPassword, cluster, writable, createdBy, createdAt }
export type RedisConnection = typeof redisConnections.$inferSelect

export function selectConnections(db: Db, { limit }: { limit: number }): Promise<RedisConnection[]> {
  return db.select(shown).from(redisConnections).orderBy(asc(createdAt), asc(id)).limit(limit)
}

export async function selectConnection(db: Db, which: string): Promise<RedisConnection | null> {
  const [row] = await db.select(shown).from(redisConnections).where(eq(id, which))
  return row ?? null
}

/** Null where the name is taken. */
export async function insertConnection(tx: Transaction, row: typeof redisConnections.$inferInsert) {
  const [made] = await tx.insert(redisConnections).values(row).onConflictDoNothing().returning(shown)
  return made ?? null
}

/** Whether it could be written to before; null where there is none. */
export async function updateWritable(tx: Transaction, which: string, to: boolean): Promise<boolean | null> {
  const [row] = await tx.select({ writable }).from(redisConnections).where(eq(id, which)).for('update')
  if (!row) return null
  await tx.update(redisConnections).set({ writable: to }).where(eq(id, which))
  return row.writable
}

export async function deleteConnection(tx: Transaction, which: string): Promise<RedisConnection | null> {
  const [row] = await tx.delete(redisConnections).where(eq(id, which)).returning(shown)
  return row ?? null
}

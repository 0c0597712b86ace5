import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { embeddingModels } from '@/db/postgres/schema/memory'

export type EmbeddingModel = typeof embeddingModels.$inferSelect

export async function selectModel(db: Db, name: string): Promise<EmbeddingModel | null> {
  const [row] = await db.select().from(embeddingModels).where(eq(embeddingModels.name, name)).limit(1)
  return row ?? null
}

/** The built-in one first, then by name. */
export function selectModels(db: Db, limit: number): Promise<EmbeddingModel[]> {
  return db
    .select()
    .from(embeddingModels)
    .orderBy(sql`${embeddingModels.endpoint} is not null`, asc(embeddingModels.name))
    .limit(limit)
}

/** How many tenants have vectors of each model, active or beside it. */
export async function tenantsByModel(db: Db): Promise<Map<string, number>> {
  const rows = await db.execute<{ model: string; tenants: number }>(sql`
    select name as model, (select count(*)::int from memory_partitions p where name in (p.model, p.other_model)) as tenants
    from embedding_models order by name limit 1000`)
  return new Map(rows.map(({ model, tenants }) => [model, tenants]))
}

/** False where the name is taken. */
export async function insertModel(tx: Transaction, model: typeof embeddingModels.$inferInsert): Promise<boolean> {
  return (await tx.insert(embeddingModels).values(model).onConflictDoNothing()).count === 1
}

export async function deleteModel(tx: Transaction, name: string): Promise<EmbeddingModel | null> {
  const [row] = await tx.delete(embeddingModels).where(eq(embeddingModels.name, name)).returning()
  return row ?? null
}

/** A tenant whose change needs this model to go on; null for none. */
export async function tenantInNeedOf(tx: Transaction, name: string): Promise<string | null> {
  const [row] = await tx.execute<{ tenant: string }>(sql`
    select tenant from memory_re_embeddings join memory_partitions p using (tenant)
    where state = 'filling' and p.other_model = ${name} order by tenant limit 1`)
  return row?.tenant ?? null
}

/** The pace of the last batches, the newest counting for a fifth. */
export async function notePace(db: Db, { name, msPerItem }: { name: string; msPerItem: number }): Promise<void> {
  const pace = sql`0.8 * coalesce(${embeddingModels.msPerItem}, ${msPerItem}::real) + 0.2 * ${msPerItem}::real`
  await db.update(embeddingModels).set({ msPerItem: pace }).where(eq(embeddingModels.name, name))
}

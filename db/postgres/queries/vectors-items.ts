import { sql } from 'drizzle-orm'
import type { Postgres, Transaction } from '@/db/postgres/client'
import type { MemoryColumn } from '@/db/postgres/schema/memory'
import { arrayLiteral } from './array-literal'
import { columnOf, modelColumnOf, otherColumn, vectorText } from './vectors-space'
import { type SearchWidth, settingsOf } from './vectors-width'

/**
 * From here to its end the transaction is the tenant's: it works as the role that row-level security holds for, and sees
 * its rows alone (R11). Local to the transaction, as PgBouncer and the embedded engine need it. Plans are made for these
 * very values (R9). `width` is for searches by an index.
 */
export async function becomeTenant(tx: Transaction, tenant: string, width: SearchWidth = {}): Promise<void> {
  const searching = settingsOf(width).map(([name, value]) => sql`, set_config(${name}, ${value}, true)`)
  await tx.execute(sql`select set_config('role', 'engram_memory', true), set_config('engram.tenant', ${tenant}, true),
    set_config('plan_cache_mode', 'force_custom_plan', true)${sql.join(searching)}`)
}

export type NewItem = {
  id: string
  kind: string
  user: string | null
  content: string
  metadata: object
  embedding: readonly number[]
  embeddingModel: string
  /** ISO; null is now. */
  occurredAt: string | null
  contentHash: string
}

type NewItems = { tenant: string; column: MemoryColumn; items: readonly NewItem[] }

/**
 * Adds items, or replaces those of the same id; those that are there as they are stay untouched and are not answered. What
 * the other model made of a content that changes is stale, and goes.
 */
export async function upsertItems(tx: Transaction, { tenant, column: vectors, items }: NewItems) {
  const column = <T extends string | number | null>(of: (item: NewItem) => T) => arrayLiteral(items.map(of))
  const [own, ownModel] = [columnOf(vectors), modelColumnOf(vectors)]
  const [other, otherModel] = [columnOf(otherColumn(vectors)), modelColumnOf(otherColumn(vectors))]
  return tx.execute<{ id: string; added: boolean }>(sql`
    insert into memory (tenant, id, kind, user_id, content, metadata, ${own}, ${ownModel}, occurred_at, content_hash)
    select ${tenant}, id, kind, user_id, content, metadata, embedding, model, coalesce(occurred_at, now()), hash
    from unnest(${column(({ id }) => id)}::text[], ${column(({ kind }) => kind)}::text[],
      ${column(({ user }) => user)}::text[], ${column(({ content }) => content)}::text[],
      ${column(({ metadata }) => JSON.stringify(metadata))}::jsonb[],
      ${column(({ embedding }) => vectorText(embedding))}::vector[],
      ${column(({ embeddingModel }) => embeddingModel)}::text[],
      ${column(({ occurredAt }) => occurredAt)}::timestamptz[], ${column(({ contentHash }) => contentHash)}::text[]
    ) as item(id, kind, user_id, content, metadata, embedding, model, occurred_at, hash)
    order by id
    on conflict (tenant, id) do update set kind = excluded.kind, user_id = excluded.user_id, content = excluded.content,
      metadata = excluded.metadata, ${own} = excluded.${own}, ${ownModel} = excluded.${ownModel},
      ${other} = case when memory.content = excluded.content then memory.${other} end,
      ${otherModel} = case when memory.content = excluded.content then memory.${otherModel} end,
      occurred_at = excluded.occurred_at, content_hash = excluded.content_hash, updated_at = now()
    where memory.content_hash is distinct from excluded.content_hash
    returning id, created_at = updated_at as added`)
}

/** How many went: none, where there was none of that id. */
export async function deleteItem(tx: Transaction, { tenant, id }: { tenant: string; id: string }): Promise<number> {
  return (await tx.execute(sql`delete from memory where tenant = ${tenant} and id = ${id}`)).count
}

/** How many items a tenant has, of all kinds or of one. */
export function countItems(db: Pick<Postgres, 'transaction'>, tenant: string, kind?: string): Promise<number> {
  return db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    const [row] = await tx.execute<{ rows: string }>(sql`select count(*) as rows from memory
      where tenant = ${tenant} and ${kind === undefined ? sql`true` : sql`kind = ${kind}`}`)
    return Number(row?.rows ?? 0)
  })
}

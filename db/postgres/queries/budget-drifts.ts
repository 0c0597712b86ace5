import { and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm'
import type { Db, Postgres, Transaction } from '@/db/postgres/client'
import { budgetDrifts, budgetStates } from '@/db/postgres/schema/budgets'

/** Of one budget; older ones go. */
const MOST_DRIFTS = 200
const SHOWN = 5

/** Which transactions a question saw: those below `xmin`, and those below `xmax` that were not `running`. */
export type Snapshot = { xmin: string; xmax: string; running: string[] }

/** Asks in one snapshot, and says which that was. */
export function inSnapshot<T>(
  db: Postgres,
  ask: (tx: Transaction) => Promise<T>,
): Promise<{ snapshot: Snapshot; result: T }> {
  return db.transaction(
    async (tx) => {
      const [row] = await tx.execute<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`)
      const [xmin = '', xmax = '', running = ''] = (row?.snapshot ?? '').split(':')
      return { snapshot: { xmin, xmax, running: running.split(',').filter(Boolean) }, result: await ask(tx) }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

/** When the period began that was counted last; null before the first count. */
export async function countedFrom(db: Db, budgetId: string): Promise<Date | null> {
  const { periodFrom, counter } = budgetStates
  const [row] = await db
    .select({ periodFrom, counter })
    .from(budgetStates)
    .where(eq(budgetStates.budgetId, budgetId))
    .limit(1)
  return row && row.counter !== null ? row.periodFrom : null
}

export async function insertDrift(db: Db, drift: typeof budgetDrifts.$inferInsert): Promise<void> {
  await db.insert(budgetDrifts).values(drift)
}

/** The last few of each budget, newest first. */
export async function selectDrifts(db: Db, { ids }: { ids: string[] }) {
  if (ids.length === 0) return []
  const driftUsd = sql<string | null>`trim_scale(${budgetDrifts.driftUsd})`.as('drift_usd')
  const place = sql<number>`row_number() over (partition by ${budgetDrifts.budgetId} order by ${budgetDrifts.id} desc)`
  const { id, budgetId, at, found } = budgetDrifts
  const ranked = db.$with('ranked').as(
    db
      .select({ id, budgetId, at, found, driftUsd, place: place.as('place') })
      .from(budgetDrifts)
      .where(inArray(budgetId, ids)),
  )
  return db
    .with(ranked)
    .select({ id: ranked.id, budgetId: ranked.budgetId, at: ranked.at, found: ranked.found, driftUsd: ranked.driftUsd })
    .from(ranked)
    .where(sql`${ranked.place} <= ${SHOWN}`)
    .orderBy(desc(ranked.id))
    .limit(ids.length * SHOWN)
}
export type BudgetDrift = Awaited<ReturnType<typeof selectDrifts>>[number]

/** Returns how many went. */
export async function pruneDrifts(db: Db, before: Date): Promise<number> {
  const beyond = sql`${budgetDrifts.id} in (
    select id from (
      select id, row_number() over (partition by budget_id order by id desc) as place from budget_drifts
    ) as placed where place > ${MOST_DRIFTS}
  )`
  const { count } = await db.delete(budgetDrifts).where(or(lt(budgetDrifts.at, before), and(beyond)))
  return count
}

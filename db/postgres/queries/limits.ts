import { and, asc, desc, eq, isNull, ne, or, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { limitCounters, limitPolicies, limitPolicyHistory } from '@/db/postgres/schema/limits'
import { arrayLiteral } from './array-literal'

export const MOST_POLICIES = 500
const MOST_CHANGES = 50
const EXPIRED_PER_CALL = 5_000

const shown = {
  id: limitPolicies.id,
  name: limitPolicies.name,
  tenant: limitPolicies.tenant,
  kind: limitPolicies.kind,
  points: limitPolicies.points,
  windowSeconds: limitPolicies.windowSeconds,
  refillPoints: limitPolicies.refillPoints,
  subject: limitPolicies.subject,
  createdBy: limitPolicies.createdBy,
  createdAt: limitPolicies.createdAt,
}

/** Those in force, by name; that of everybody before those of single tenants. */
export async function selectPolicies(db: Db) {
  return db
    .select(shown)
    .from(limitPolicies)
    .where(isNull(limitPolicies.deletedAt))
    .orderBy(asc(limitPolicies.name), sql`${limitPolicies.tenant} nulls first`)
    .limit(MOST_POLICIES)
}
export type LimitPolicy = Awaited<ReturnType<typeof selectPolicies>>[number]

export async function selectPolicy(db: Db, id: string): Promise<LimitPolicy | null> {
  const [row] = await db
    .select(shown)
    .from(limitPolicies)
    .where(and(eq(limitPolicies.id, id), isNull(limitPolicies.deletedAt)))
    .limit(1)
  return row ?? null
}

export async function countPolicies(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(limitPolicies)
    .where(isNull(limitPolicies.deletedAt))
  return row?.count ?? 0
}

/** Held until the transaction ends. */
export async function lockPolicy(tx: Transaction, name: string, tenant: string | null): Promise<LimitPolicy | null> {
  const of = tenant === null ? isNull(limitPolicies.tenant) : eq(limitPolicies.tenant, tenant)
  const [row] = await tx
    .select(shown)
    .from(limitPolicies)
    .where(and(eq(limitPolicies.name, name), of, isNull(limitPolicies.deletedAt)))
    .limit(1)
    .for('update')
  return row ?? null
}

/** Null where another one of that name was faster. */
export async function insertPolicy(
  tx: Transaction,
  policy: typeof limitPolicies.$inferInsert,
): Promise<LimitPolicy | null> {
  const [row] = await tx.insert(limitPolicies).values(policy).onConflictDoNothing().returning(shown)
  return row ?? null
}

type Change = Partial<
  Pick<
    typeof limitPolicies.$inferInsert,
    'kind' | 'points' | 'windowSeconds' | 'refillPoints' | 'subject' | 'deletedAt'
  >
>

export async function updatePolicy(tx: Transaction, id: string, change: Change): Promise<void> {
  await tx.update(limitPolicies).set(change).where(eq(limitPolicies.id, id))
}

export async function insertPolicyChange(
  tx: Transaction,
  change: typeof limitPolicyHistory.$inferInsert,
): Promise<void> {
  await tx.insert(limitPolicyHistory).values(change)
}

/** What a policy said before, newest first. */
export async function selectPolicyHistory(db: Db, policyId: string) {
  const { at, change, kind, points, windowSeconds, refillPoints, by } = limitPolicyHistory
  return db
    .select({ at, change, kind, points, windowSeconds, refillPoints, by })
    .from(limitPolicyHistory)
    .where(eq(limitPolicyHistory.policyId, policyId))
    .orderBy(desc(at), desc(limitPolicyHistory.id))
    .limit(MOST_CHANGES)
}

/**
 * What the limits said at an instant, by name: that of everybody, or of one tenant its own where it had one. Deleted ones
 * are left out.
 */
export async function selectLimitsAt(
  db: Db,
  { at, tenant, limit }: { at: Date; tenant: string | null; limit: number },
) {
  const { id, policyId, change, kind, points, windowSeconds, refillPoints, by } = limitPolicyHistory
  const said = db
    .selectDistinctOn([policyId], {
      policyId,
      change,
      kind,
      points,
      windowSeconds,
      refillPoints,
      by,
      since: limitPolicyHistory.at,
    }) // prettier-ignore
    .from(limitPolicyHistory)
    .where(sql`${limitPolicyHistory.at} < ${new Date(at.getTime() + 1).toISOString()}::timestamptz`)
    .orderBy(asc(policyId), desc(id))
    .as('said')
  const { name, tenant: whose } = limitPolicies
  return db
    .selectDistinctOn([name], {
      id: limitPolicies.id,
      name,
      tenant: whose,
      kind: said.kind,
      points: said.points,
      windowSeconds: said.windowSeconds,
      refillPoints: said.refillPoints,
      by: said.by,
      since: said.since,
    })
    .from(said)
    .innerJoin(limitPolicies, eq(limitPolicies.id, said.policyId))
    .where(and(ne(said.change, 'deleted'), tenant === null ? isNull(whose) : or(isNull(whose), eq(whose, tenant))))
    .orderBy(asc(name), sql`${whose} nulls last`)
    .limit(limit)
}

type Counter = { policyId: string; tenant: string; subject: string }
type Ask = {
  counter: Counter
  terms: { kind: string; points: number; windowSeconds: number; refillPoints: number | null }
  /** Asked one after the other. */
  points: number[]
}

/** What db/redis/limits.ts answers, from the unlogged table, by the clock of Postgres, in one statement. */
export async function consumeInPostgres(db: Db, { counter, terms, points }: Ask) {
  const { policyId, tenant, subject } = counter
  const { kind, windowSeconds, refillPoints } = terms
  const rows = await db.execute<{
    allowed: boolean
    remaining: string
    reset_ms: string
    retry_ms: string | null
  }>(sql`
    select answer.allowed, answer.remaining, answer.reset_ms, answer.retry_ms
    from unnest(${arrayLiteral(points.map(String))}::bigint[]) with ordinality as ask(points, place),
      lateral consume_limit(${policyId}::uuid, ${tenant}, ${subject}, ${kind}, ask.points, ${terms.points}::bigint,
        ${windowSeconds}::bigint * 1000, ${refillPoints ?? 0}::bigint) as answer
    order by ask.place limit ${points.length}`)
  return rows.map(({ allowed, remaining, reset_ms, retry_ms }) => ({
    allowed,
    remaining: Number(remaining),
    resetMs: Number(reset_ms),
    retryMs: retry_ms === null ? null : Number(retry_ms),
  }))
}

/** Every counter of a subject, whatever its window. */
export async function deleteCounters(db: Db, { policyId, tenant, subject }: Counter): Promise<void> {
  await db
    .delete(limitCounters)
    .where(
      and(eq(limitCounters.policyId, policyId), eq(limitCounters.tenant, tenant), eq(limitCounters.subject, subject)),
    )
}

/** How many counters went whose window has ended. Those in use are left to their users. */
export async function deleteExpiredCounters(db: Db): Promise<number> {
  const gone = await db.execute(sql`
    delete from limit_counters where ctid = any (array (
      select ctid from limit_counters where expires_at < now() - interval '1 minute'
      order by expires_at limit ${EXPIRED_PER_CALL} for update skip locked))`)
  return gone.count
}

import { and, asc, desc, eq, gte, isNull, or, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { flagChanges, flagOverrides, type FlagRules, flags } from '@/db/postgres/schema/flags'

export const MOST_FLAGS = 1_000
const MOST_OVERRIDES = 1_000

const shown = {
  name: flags.name,
  description: flags.description,
  enabled: flags.enabled,
  share: flags.share,
  users: flags.users,
  groups: flags.groups,
  salt: flags.salt,
  revision: flags.revision,
  createdBy: flags.createdBy,
  createdAt: flags.createdAt,
  changedAt: flags.changedAt,
}

/** A flag with what holds for single tenants, as of one moment; null where there is none. */
export async function selectFlag(db: Db, name: string) {
  const overrides = sql<Record<string, FlagRules> | null>`(
    select json_object_agg(tenant, json_build_object('enabled', enabled, 'share', share, 'users', users, 'groups', groups))
    from (select * from flag_overrides where flag = ${flags.name} order by tenant limit ${MOST_OVERRIDES}) as own)`
  const [row] = await db
    .select({ ...shown, overrides })
    .from(flags)
    .where(eq(flags.name, name))
    .limit(1)
  return row ? { ...row, overrides: row.overrides ?? {} } : null
}
export type Flag = NonNullable<Awaited<ReturnType<typeof selectFlag>>>

export async function selectFlags(db: Db, limit: number) {
  return db
    .select({
      ...shown,
      tenants: sql<number>`(select count(*)::int from flag_overrides where flag = ${flags.name})`,
      total: sql<number>`count(*) over ()::int`,
    })
    .from(flags)
    .orderBy(asc(flags.name))
    .limit(limit)
}

/** Held until the transaction ends. */
export async function lockFlag(tx: Transaction, name: string) {
  const [row] = await tx.select(shown).from(flags).where(eq(flags.name, name)).for('update')
  return row ?? null
}

export async function countFlags(db: Db): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(flags)
  return row?.count ?? 0
}

/** Null when there is one of that name. */
export async function insertFlag(tx: Transaction, flag: typeof flags.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(flags).values(flag).onConflictDoNothing().returning({ name: flags.name })
  return rows.length > 0
}

export async function updateFlag(tx: Transaction, name: string, change: Partial<typeof flags.$inferInsert>) {
  await tx.update(flags).set(change).where(eq(flags.name, name))
}

export async function deleteFlagRow(tx: Transaction, name: string): Promise<void> {
  await tx.delete(flags).where(eq(flags.name, name))
}

export async function selectOverride(db: Db, flag: string, tenant: string): Promise<FlagRules | null> {
  const { enabled, share, users, groups } = flagOverrides
  const [row] = await db
    .select({ enabled, share, users, groups })
    .from(flagOverrides)
    .where(and(eq(flagOverrides.flag, flag), eq(flagOverrides.tenant, tenant)))
    .limit(1)
  return row ?? null
}

/** Null rules: what holds for all holds for the tenant again. */
export async function saveOverride(tx: Transaction, flag: string, tenant: string, rules: FlagRules | null) {
  if (rules === null)
    await tx.delete(flagOverrides).where(and(eq(flagOverrides.flag, flag), eq(flagOverrides.tenant, tenant)))
  else
    await tx
      .insert(flagOverrides)
      .values({ flag, tenant, ...rules })
      .onConflictDoUpdate({ target: [flagOverrides.flag, flagOverrides.tenant], set: rules })
}

export async function insertFlagChange(tx: Transaction, change: typeof flagChanges.$inferInsert): Promise<void> {
  await tx.insert(flagChanges).values(change)
}

/** The highest revision that a flag of this name ever had. */
export async function selectLastRevision(db: Db, name: string): Promise<number> {
  const [row] = await db
    .select({ revision: sql<number>`coalesce(max(${flagChanges.revision}), 0)::int` })
    .from(flagChanges)
    .where(eq(flagChanges.flag, name))
  return row?.revision ?? 0
}

const changed = {
  revision: flagChanges.revision,
  tenant: flagChanges.tenant,
  before: flagChanges.before,
  after: flagChanges.after,
  reason: flagChanges.reason,
  by: flagChanges.actorName,
  at: flagChanges.at,
}

/** The history of a flag, newest first. */
export async function selectFlagChanges(db: Db, name: string, limit: number) {
  return db
    .select(changed)
    .from(flagChanges)
    .where(eq(flagChanges.flag, name))
    .orderBy(desc(flagChanges.id))
    .limit(limit)
}

export async function selectFlagsChangedSince(db: Db, { since, limit }: { since: Date; limit: number }) {
  return db
    .select({ name: flagChanges.flag, revision: sql<number>`max(${flagChanges.revision})::int` })
    .from(flagChanges)
    .where(gte(flagChanges.at, since))
    .groupBy(flagChanges.flag)
    .orderBy(asc(flagChanges.flag))
    .limit(limit)
}

/** What held at an instant, for all and for one tenant: the newest change of each until then; deleted ones left out. */
export async function selectFlagsAt(db: Db, { at, tenant, limit }: { at: Date; tenant: string | null; limit: number }) {
  const until = sql`${flagChanges.at} < ${new Date(at.getTime() + 1).toISOString()}::timestamptz`
  const of =
    tenant === null ? isNull(flagChanges.tenant) : or(isNull(flagChanges.tenant), eq(flagChanges.tenant, tenant))
  const newest = db
    .selectDistinctOn([flagChanges.flag, flagChanges.tenant], { flag: flagChanges.flag, ...changed })
    .from(flagChanges)
    .where(and(until, of))
    .orderBy(asc(flagChanges.flag), asc(flagChanges.tenant), desc(flagChanges.id))
    .as('newest')
  return db
    .select()
    .from(newest)
    .where(sql`${newest.after} is not null`)
    .orderBy(asc(newest.flag), sql`${newest.tenant} nulls first`)
    .limit(limit)
}

/** Users that calls named lately, to say whom a change would reach. */
export async function selectSeenUsers(
  db: Db,
  { tenant, since, limit }: { tenant: string | null; since: Date; limit: number },
) {
  const of = tenant === null ? sql`true` : sql`tenant = ${tenant}`
  const rows = await db.execute<{ tenant: string; user_id: string }>(sql`
    select distinct tenant, user_id from usage_hourly_users
    where hour >= ${since.toISOString()}::timestamptz and user_id is not null and ${of}
    order by tenant, user_id limit ${limit}`)
  return rows.map(({ tenant, user_id }) => ({ tenant, user: user_id }))
}

import { and, asc, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { operatorAccounts, operators, operatorSessions, operatorVerifications } from '@/db/postgres/schema/operators'

export type OperatorRole = 'viewer' | 'operator' | 'admin'

const identity = { id: operators.id, name: operators.name, email: operators.email, role: operators.role }

const LISTED = 500

/** Null when somebody has this address already. */
export async function insertOperator(
  db: Db,
  operator: { id: string; email: string; name: string; role: OperatorRole },
): Promise<string | null> {
  const [row] = await db
    .insert(operators)
    .values({ ...operator, emailVerified: true })
    .onConflictDoNothing({ target: operators.email })
    .returning({ id: operators.id })
  return row?.id ?? null
}

export async function selectOperators(db: Db) {
  const lastSignIn = db
    .select({ at: sql<string | null>`max(${operatorSessions.createdAt})` })
    .from(operatorSessions)
    .where(eq(operatorSessions.userId, operators.id))
  return db
    .select({
      ...identity,
      disabledAt: operators.disabledAt,
      createdAt: operators.createdAt,
      lastSignInAt: sql<string | null>`(${lastSignIn})`,
    })
    .from(operators)
    .orderBy(asc(operators.name), asc(operators.id))
    .limit(LISTED)
}

export async function selectOperatorByEmail(db: Db, email: string) {
  const [row] = await db
    .select({ ...identity, disabledAt: operators.disabledAt })
    .from(operators)
    .where(eq(operators.email, email))
    .limit(1)
  return row ?? null
}

export async function mayStillSignIn(db: Db, id: string): Promise<boolean> {
  const [row] = await db
    .select({ disabledAt: operators.disabledAt })
    .from(operators)
    .where(eq(operators.id, id))
    .limit(1)
  return row !== undefined && row.disabledAt === null
}

/** Whose session this is, as Postgres has it now: null once it was ended, ran out, or its operator was disabled. */
export async function selectOperatorOfSession(db: Db, token: string) {
  const [row] = await db
    .select(identity)
    .from(operatorSessions)
    .innerJoin(operators, eq(operators.id, operatorSessions.userId))
    .where(
      and(eq(operatorSessions.token, token), gt(operatorSessions.expiresAt, sql`now()`), isNull(operators.disabledAt)),
    )
    .limit(1)
  return row ?? null
}

/** Locks the operator and every admin who can sign in, always in the same order, until the transaction ends. */
export async function lockOperatorAndAdmins(tx: Transaction, id: string) {
  const rows = await tx
    .select({ ...identity, disabledAt: operators.disabledAt })
    .from(operators)
    .where(sql`${operators.id} = ${id} or (${operators.role} = 'admin' and ${operators.disabledAt} is null)`)
    .orderBy(asc(operators.id))
    .limit(LISTED)
    .for('update')
  const admins = rows.filter((row) => row.role === 'admin' && row.disabledAt === null)
  return { operator: rows.find((row) => row.id === id) ?? null, admins: admins.map((row) => row.id) }
}

export async function updateOperator(db: Db, id: string, set: { role?: OperatorRole; disabledAt?: Date | null }) {
  await db.update(operators).set(set).where(eq(operators.id, id))
}

/** Tokens of the sessions that were ended. */
export async function deleteSessionsOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .delete(operatorSessions)
    .where(eq(operatorSessions.userId, userId))
    .returning({ token: operatorSessions.token })
  return rows.map((row) => row.token)
}

export async function sessionTokensOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .select({ token: operatorSessions.token })
    .from(operatorSessions)
    .where(eq(operatorSessions.userId, userId))
    .orderBy(desc(operatorSessions.createdAt))
    .limit(LISTED)
  return rows.map((row) => row.token)
}

const CREDENTIAL = 'credential'

export async function selectPasswordHash(db: Db, userId: string): Promise<string | null> {
  const [row] = await db
    .select({ hash: operatorAccounts.password })
    .from(operatorAccounts)
    .where(and(eq(operatorAccounts.userId, userId), eq(operatorAccounts.providerId, CREDENTIAL)))
    .limit(1)
  return row?.hash ?? null
}

/** Under the id that better-auth's password sign-in looks for: one credential account per operator. */
export async function upsertPasswordHash(db: Db, userId: string, hash: string): Promise<void> {
  await db
    .insert(operatorAccounts)
    .values({ id: `password-${userId}`, accountId: userId, providerId: CREDENTIAL, userId, password: hash })
    .onConflictDoUpdate({ target: operatorAccounts.id, set: { password: hash, updatedAt: new Date() } })
}

/** `identifier` is the hash of a one-time link's token, `value` what better-auth's magic-link reads. */
export async function insertSignInLink(
  db: Db,
  link: { id: string; identifier: string; value: string; expiresAt: Date },
): Promise<void> {
  await db.insert(operatorVerifications).values(link)
}

/** Takes a one-time link, for exactly one of any number of concurrent attempts, unless its operator was disabled. */
export async function claimSignInLink(db: Db, identifier: string): Promise<boolean> {
  const rows = await db
    .update(operatorVerifications)
    .set({ value: sql`jsonb_set(${operatorVerifications.value}::jsonb, '{attempt}', '1')::text` })
    .where(
      and(
        eq(operatorVerifications.identifier, identifier),
        gt(operatorVerifications.expiresAt, sql`now()`),
        sql`(${operatorVerifications.value}::jsonb ->> 'attempt')::int = 0`,
        sql`exists (select 1 from ${operators} where ${operators.email} = ${operatorVerifications.value}::jsonb ->> 'email'
          and ${operators.disabledAt} is null)`,
      ),
    )
    .returning({ id: operatorVerifications.id })
  return rows.length === 1
}

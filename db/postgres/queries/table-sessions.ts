import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { sessionsUnlogged, sessionTurnsUnlogged } from '@/db/postgres/schema/table-sessions'
import { arrayLiteral } from './array-literal'

/** Tenants whose sessions the caller may touch; null means all. */
type Allowed = readonly string[] | null

const live = (id: string): SQL => sql`id = ${id} and logged_out is null and expires_at > clock_timestamp()`
const of = (allowed: Allowed): SQL =>
  allowed === null ? sql`true` : sql`tenant = any (${arrayLiteral(allowed)}::text[])`
/** Whole milliseconds, for that is all that a page of a list can name. */
const expiry = (ttl: SQL): SQL => sql`date_trunc('milliseconds', clock_timestamp()) + ${ttl} * interval '1 second'`
const nowMicros = sql`(extract(epoch from clock_timestamp()) * 1000000)::bigint`

/** Whoever uses a session that moves holds this until the transaction ends. */
export async function lockSession(tx: Db, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 7093))`)
}

type Written = { tenant: string; user: string; ttlSeconds: number; data: string; createdAt: string }

/** Writes or replaces a session and keeps its turns; null when the id is another tenant's, else when it was created. */
export async function upsertSession(
  db: Db,
  { id, namespace }: { id: string; namespace: string },
  { tenant, user, ttlSeconds, data, createdAt }: Written,
): Promise<string | null> {
  const write = async () => {
    const [row] = await db.execute<{ at: string }>(sql`
      insert into sessions_unlogged (id, begun, namespace, tenant, user_id, ttl_seconds, data, created_at, expires_at)
      values (${id}, ${nowMicros}, ${namespace}, ${tenant}, ${user}, ${ttlSeconds}, ${data}, ${createdAt}::timestamptz,
        ${expiry(sql`${ttlSeconds}::int`)})
      on conflict (id) where logged_out is null do update
        set user_id = excluded.user_id, ttl_seconds = excluded.ttl_seconds, data = excluded.data,
          expires_at = excluded.expires_at
        where sessions_unlogged.tenant = excluded.tenant and sessions_unlogged.expires_at > clock_timestamp()
      returning extract(epoch from created_at) * 1000 as at`)
    return row ? new Date(Number(row.at)).toISOString() : null
  }
  const first = await write()
  if (first !== null) return first
  // One that has expired and is still there is as good as absent, whose ever it was.
  await deleteExpiredOf(db, id)
  return write()
}

const deleteExpiredOf = (db: Db, id: string) =>
  db.execute(sql`
    delete from sessions_unlogged where id = ${id} and logged_out is null and expires_at <= clock_timestamp()`)

type Row = Record<
  'tenant' | 'user_id' | 'data' | 'created_at' | 'expires_at' | 'ttl_seconds' | 'turns_in_all',
  string
> & {
  turns: string[]
}
const columns = sql`tenant, user_id, ttl_seconds, data, turns as turns_in_all, begun,
  extract(epoch from created_at) * 1000 as created_at, extract(epoch from expires_at) * 1000 as expires_at`
const turnsOf = sql`(select coalesce(jsonb_agg(t.turn order by t.ordinal), '[]') from session_turns_unlogged as t
  where t.session = found.id and t.begun = found.begun) as turns`

const shown = (row: Row) => ({
  tenant: row.tenant,
  user: row.user_id,
  ttlSeconds: Number(row.ttl_seconds),
  data: row.data,
  createdAt: new Date(Number(row.created_at)).toISOString(),
  expiresAt: Number(row.expires_at),
  turns: row.turns,
  turnsInAll: Number(row.turns_in_all),
})

/** The session with its turns (JSON as text, oldest first); reading it keeps it alive. */
export async function touchSession(db: Db, id: string, allowed: Allowed) {
  const [row] = await db.execute<Row>(sql`
    with found as (
      update sessions_unlogged set expires_at = ${expiry(sql`ttl_seconds`)}
      where ${live(id)} and ${of(allowed)} returning id, ${columns})
    select *, ${turnsOf} from found`)
  return row ? shown(row) : null
}

/** As somebody looks at it who must not keep it alive; null when there is none. */
export async function selectSession(db: Db, id: string) {
  const [row] = await db.execute<Row>(sql`
    with found as (select id, ${columns} from sessions_unlogged where ${live(id)})
    select *, ${turnsOf} from found limit 1`)
  return row ? shown(row) : null
}

/** Whether there was one. */
export async function deleteLiveSession(db: Db, id: string, allowed: Allowed): Promise<boolean> {
  const rows = await db.execute<{ alive: boolean }>(sql`
    delete from sessions_unlogged where id = ${id} and logged_out is null and ${of(allowed)}
    returning expires_at > clock_timestamp() as alive`)
  return rows.some(({ alive }) => alive)
}

export async function sessionIsLive(db: Db, id: string): Promise<boolean> {
  const [row] = await db.execute(sql`select 1 from sessions_unlogged where ${live(id)} limit 1`)
  return row !== undefined
}

/** Held until the transaction ends; null when there is none. */
export async function lockLiveSession(tx: Db, id: string, allowed: Allowed) {
  const [row] = await tx.execute<Record<'tenant' | 'user_id' | 'begun' | 'turns' | 'ttl_seconds', string>>(sql`
    select tenant, user_id, begun, turns, ttl_seconds from sessions_unlogged
    where ${live(id)} and ${of(allowed)} limit 1 for update`)
  if (!row) return null
  const [begun, turns, ttlSeconds] = [row.begun, row.turns, row.ttl_seconds].map(Number) as [number, number, number]
  return { tenant: row.tenant, user: row.user_id, begun, turns, ttlSeconds }
}

type Life = { session: string; begun: number }

/** The digest of the kept turn that its sender gave this id; null when none has it. */
export async function digestOfTurn(tx: Db, { session, begun }: Life, ownId: string): Promise<string | null> {
  const { digest } = sessionTurnsUnlogged
  const [row] = await tx
    .select({ digest })
    .from(sessionTurnsUnlogged)
    .where(
      and(
        eq(sessionTurnsUnlogged.session, session),
        eq(sessionTurnsUnlogged.begun, begun),
        eq(sessionTurnsUnlogged.ownId, ownId),
      ),
    )
    .limit(1)
  return row?.digest ?? null
}

type NewTurn = { ordinal: number; ownId: string | null; digest: string | null; turn: string }

export async function insertTurns(tx: Db, life: Life, turns: readonly NewTurn[]): Promise<void> {
  if (turns.length > 0) await tx.insert(sessionTurnsUnlogged).values(turns.map((turn) => ({ ...life, ...turn })))
}

/** Forgets all but the last turns, and starts the session's time anew; how many turns it has now. */
export async function noteTurn(tx: Db, { session, begun }: Life, { ordinal, kept }: { ordinal: number; kept: number }) {
  await tx.execute(sql`
    delete from session_turns_unlogged where session = ${session} and begun = ${begun} and ordinal <= ${ordinal - kept}`)
  const [row] = await tx.execute<{ kept: number }>(sql`
    with those as (select count(*)::int as kept, coalesce(sum(octet_length(turn)), 0)::int as bytes
      from session_turns_unlogged where session = ${session} and begun = ${begun})
    update sessions_unlogged set turns = ${ordinal}, turn_bytes = those.bytes, expires_at = ${expiry(sql`ttl_seconds`)}
    from those where id = ${session} and begun = ${begun} returning those.kept`)
  return row?.kept ?? 0
}

/** A whole session, to bring it to the other store, or from there. */
export type WholeSession = Written & {
  begun: number
  turnsInAll: number
  /** Epoch milliseconds. */
  expiresAt: number
  /** Those that are kept, oldest first. */
  turns: NewTurn[]
}

export async function selectWholeSession(db: Db, id: string): Promise<WholeSession | null> {
  const found = await selectSession(db, id)
  const [row] = await db.execute<{ begun: string }>(sql`select begun from sessions_unlogged where ${live(id)} limit 1`)
  if (!found || !row) return null
  const begun = Number(row.begun)
  const { ordinal, ownId, digest, turn } = sessionTurnsUnlogged
  const turns = await db
    .select({ ordinal, ownId, digest, turn })
    .from(sessionTurnsUnlogged)
    .where(and(eq(sessionTurnsUnlogged.session, id), eq(sessionTurnsUnlogged.begun, begun)))
    .orderBy(ordinal)
    .limit(1_000)
  return { ...found, begun, turns }
}

/** Nothing where the id is taken. */
export async function insertWholeSession(
  tx: Db,
  { id, namespace }: { id: string; namespace: string },
  whole: WholeSession,
) {
  await deleteExpiredOf(tx, id)
  const { begun, tenant, user, ttlSeconds, data, createdAt, turnsInAll, expiresAt, turns } = whole
  const turnBytes = turns.reduce((sum, { turn }) => sum + Buffer.byteLength(turn), 0)
  const made = await tx
    .insert(sessionsUnlogged)
    .values({
      ...{ id, begun, namespace, tenant, userId: user, ttlSeconds, data, turnBytes, turns: turnsInAll },
      createdAt: new Date(createdAt),
      expiresAt: new Date(expiresAt),
    })
    .onConflictDoNothing()
    .returning({ begun: sessionsUnlogged.begun })
  if (made.length > 0) await insertTurns(tx, { session: id, begun }, turns)
}

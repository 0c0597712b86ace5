import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'

/** A live session of the table without its data; `expiresAt` in epoch milliseconds. */
export type TableSession = {
  id: string
  tenant: string
  user: string
  ttlSeconds: number
  createdAt: string
  turns: number
  bytes: number
  begun: string
  expiresAt: number
}

/** Whose sessions are asked for; null for anybody's. */
type Whose = { tenant: string | null; user: string | null; namespace: string | null }
type Page = {
  /** Only what has not expired at that moment (epoch milliseconds). */
  now: number
  descending: boolean
  after: { id: string; expiresAt: number } | null
  limit: number
}

const stamp = (ms: number): SQL => sql`${new Date(ms).toISOString()}::timestamptz`
const whoseIs = ({ tenant, user, namespace }: Whose): SQL =>
  sql.join(
    [
      sql`logged_out is null`,
      ...(tenant === null ? [] : [sql`tenant = ${tenant}`]),
      ...(user === null ? [] : [sql`user_id = ${user}`]),
      ...(namespace === null ? [] : [sql`namespace = ${namespace}`]),
    ],
    sql` and `,
  )

/** Live sessions in the order in which they expire, then by the bytes of their ids, as Redis orders them. */
export async function tableSessionsInOrder(db: Db, whose: Whose, page: Page): Promise<TableSession[]> {
  const { now, descending, after, limit } = page
  const way = descending ? sql`desc` : sql`asc`
  const beyond = descending ? sql`<` : sql`>`
  const following = after
    ? sql`and (expires_at, id collate "C") ${beyond} (${stamp(after.expiresAt)}, ${after.id} collate "C")`
    : sql``
  const rows = await db.execute<Record<string, string>>(sql`
    select id, tenant, user_id, ttl_seconds, turns, turn_bytes + octet_length(data) as bytes, begun,
      extract(epoch from created_at) * 1000 as created_at, extract(epoch from expires_at) * 1000 as expires_at
    from sessions_unlogged where ${whoseIs(whose)} and expires_at > ${stamp(now)} ${following}
    order by expires_at ${way}, id collate "C" ${way} limit ${limit}`)
  return rows.map((row) => ({
    id: row.id ?? '',
    tenant: row.tenant ?? '',
    user: row.user_id ?? '',
    ttlSeconds: Number(row.ttl_seconds),
    createdAt: new Date(Number(row.created_at)).toISOString(),
    turns: Number(row.turns),
    bytes: Number(row.bytes),
    begun: row.begun ?? '',
    expiresAt: Number(row.expires_at),
  }))
}

/** How many have not expired at that moment. */
export async function countTableSessions(db: Db, now: number, whose: Whose = anybodys): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from sessions_unlogged where ${whoseIs(whose)} and expires_at > ${stamp(now)}`)
  return row?.count ?? 0
}
const anybodys: Whose = { tenant: null, user: null, namespace: null }

/**
 * Takes sessions away at once and keeps them aside for `keepMs`; `begun` is the life that was meant, null for whichever
 * there is. How many there were.
 */
export async function logOutTableSessions(
  db: Db,
  {
    logout,
    sessions,
    keepMs,
  }: { logout: string; sessions: readonly { id: string; begun: string | null }[]; keepMs: number },
): Promise<number> {
  if (sessions.length === 0) return 0
  const ids = arrayLiteral(sessions.map(({ id }) => id))
  const lives = arrayLiteral(sessions.map(({ begun }) => begun || null))
  const { count } = await db.execute(sql`
    update sessions_unlogged as s set logged_out = ${logout}::uuid, kept_until = now() + ${keepMs} * interval '1 millisecond'
    from unnest(${ids}::text[], ${lives}::bigint[]) as meant(id, begun)
    where s.id = meant.id and s.logged_out is null and s.expires_at > clock_timestamp()
      and (meant.begun is null or s.begun = meant.begun)`)
  return count
}

/** Brings back what a log-out took, with the time that was left; `taken` are ids under which a new session was begun. */
export async function restoreTableSessions(tx: Db, logout: string) {
  const { count: restored } = await tx.execute(sql`
    update sessions_unlogged as s set logged_out = null, kept_until = null
    where logged_out = ${logout}::uuid and expires_at > clock_timestamp() and not exists (
      select 1 from sessions_unlogged as new where new.id = s.id and new.logged_out is null)
    and begun = (select max(begun) from sessions_unlogged as one where one.id = s.id and one.logged_out = ${logout}::uuid)`)
  const left = await tx.execute<{ expired: boolean }>(sql`
    delete from sessions_unlogged where logged_out = ${logout}::uuid returning expires_at <= clock_timestamp() as expired`)
  const expired = left.filter((row) => row.expired).length
  return { restored, taken: left.length - expired, expired }
}

/** How many went that had expired, or were out for so long that nobody can bring them back. */
export async function deleteExpiredSessions(db: Db, limit: number): Promise<number> {
  const expired = sql`expires_at < now() and (logged_out is null or kept_until < now())`
  const { count } = await db.execute(sql`
    delete from sessions_unlogged where ctid = any (array (
      select ctid from sessions_unlogged where ${expired} order by expires_at limit ${limit} for update skip locked))`)
  const { count: out } = await db.execute(sql`
    delete from sessions_unlogged where ctid = any (array (
      select ctid from sessions_unlogged where logged_out is not null and kept_until < now() limit ${limit}
      for update skip locked))`)
  return count + out
}

/** Namespaces that have live sessions in the table. */
export async function countByNamespace(db: Db): Promise<Map<string, number>> {
  const rows = await db.execute<{ namespace: string; count: number }>(sql`
    select namespace, count(*)::int as count from sessions_unlogged
    where logged_out is null and expires_at > now() group by namespace order by namespace limit 1000`)
  return new Map(rows.map(({ namespace, count }) => [namespace, count]))
}

/** Whether these log-outs took sessions of a namespace that wait aside. */
export async function anyAsideInTable(
  db: Db,
  { namespace, logouts }: { namespace: string; logouts: readonly string[] },
) {
  const [row] = await db.execute(sql`
    select 1 from sessions_unlogged
    where logged_out = any (${arrayLiteral(logouts)}::uuid[]) and namespace = ${namespace} limit 1`)
  return row !== undefined
}

import { and, asc, desc, eq, gte, isNull, or, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import {
  type BoardMode,
  leaderboards,
  leaderboardScores,
  leaderboardSnapshots,
} from '@/db/postgres/schema/leaderboards'

export const MOST_BOARDS = 10_000

const shown = {
  id: leaderboards.id,
  name: leaderboards.name,
  tenant: leaderboards.tenant,
  mode: leaderboards.mode,
  lastSeq: leaderboards.lastSeq,
  members: leaderboards.members,
  lateRepeats: leaderboards.lateRepeats,
  lastScoredAt: leaderboards.lastScoredAt,
  createdBy: leaderboards.createdBy,
  createdAt: leaderboards.createdAt,
  closedAt: leaderboards.closedAt,
  settledAt: leaderboards.settledAt,
}

export type BoardName = { tenant: string | null; name: string }
const named = ({ tenant, name }: BoardName) =>
  and(tenant === null ? isNull(leaderboards.tenant) : eq(leaderboards.tenant, tenant), eq(leaderboards.name, name))

export async function selectBoard(db: Db, board: BoardName) {
  const [row] = await db.select(shown).from(leaderboards).where(named(board)).limit(1)
  return row ?? null
}
export type Board = NonNullable<Awaited<ReturnType<typeof selectBoard>>>

/** Held until the transaction ends: whoever adds to the ledger of a board does so alone. */
export async function lockBoard(tx: Transaction, id: string): Promise<Board | null> {
  const [row] = await tx.select(shown).from(leaderboards).where(eq(leaderboards.id, id)).for('update')
  return row ?? null
}

/** Boards of a tenant and those of all tenants, or every board; those scored last come first. */
export async function selectBoards(db: Db, { tenant, limit }: { tenant: string | null; limit: number }) {
  const of = tenant === null ? undefined : or(eq(leaderboards.tenant, tenant), isNull(leaderboards.tenant))
  return db
    .select(shown)
    .from(leaderboards)
    .where(of)
    .orderBy(sql`${leaderboards.lastScoredAt} desc nulls last`, asc(leaderboards.name), asc(leaderboards.id))
    .limit(limit)
}

/** Those that something may have to be done for: scored since then, or closed and not settled. */
export async function selectBusyBoards(db: Db, { since, limit }: { since: Date; limit: number }) {
  const settling = and(sql`${leaderboards.closedAt} is not null`, isNull(leaderboards.settledAt))
  return db
    .select(shown)
    .from(leaderboards)
    .where(
      or(
        gte(leaderboards.lastScoredAt, since),
        settling,
        and(eq(leaderboards.mode, 'live'), isNull(leaderboards.settledAt)),
      ),
    )
    .orderBy(desc(leaderboards.lastScoredAt), asc(leaderboards.id))
    .limit(limit)
}

/** A page of all boards by id. */
export async function selectBoardsAfter(db: Db, { after, limit }: { after: string | null; limit: number }) {
  return db
    .select(shown)
    .from(leaderboards)
    .where(after === null ? undefined : sql`${leaderboards.id} > ${after}`)
    .orderBy(asc(leaderboards.id))
    .limit(limit)
}

export async function countBoards(db: Db): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(leaderboards)
  return row?.count ?? 0
}

/** Null when there is one of that name already. */
export async function insertBoard(db: Db, board: BoardName & { mode: BoardMode; createdBy: string }) {
  const [row] = await db.insert(leaderboards).values(board).onConflictDoNothing().returning(shown)
  return row ?? null
}

type Change = Partial<Pick<typeof leaderboards.$inferInsert, 'mode' | 'closedAt' | 'settledAt'>>

export async function updateBoard(db: Db, id: string, change: Change): Promise<void> {
  await db.update(leaderboards).set(change).where(eq(leaderboards.id, id))
}

/** How many have a score by the ledger. */
export async function countMembers(db: Db, id: string): Promise<number> {
  const [row] = await db.select({ members: leaderboards.members }).from(leaderboards).where(eq(leaderboards.id, id))
  return row?.members ?? 0
}

export type LedgerRank = { member: string; score: string }

const { boardId, member, score } = leaderboardScores
const asText = sql<string>`trim_scale(${score})`
const downwards = [sql`${score} desc nulls last`, sql`${member} desc nulls last`]

/** The first by the ledger, in the order of Redis: ties by member, last byte value first. */
export async function selectTop(db: Db, id: string, top: number): Promise<LedgerRank[]> {
  return db
    .select({ member, score: asText })
    .from(leaderboardScores)
    .where(eq(boardId, id))
    .orderBy(...downwards)
    .limit(top)
}

/** Who stands around a member; `rank` counts from 0. Null for who has no score. */
export async function selectAround(db: Db, id: string, who: { member: string; around: number }) {
  const [own] = await db
    .select({ member, score: asText })
    .from(leaderboardScores)
    .where(and(eq(boardId, id), eq(member, who.member)))
    .limit(1)
  if (!own) return null
  const position = sql`(${own.score}::numeric, ${own.member}::text collate "C")`
  const ahead = and(eq(boardId, id), sql`(${score}, ${member}) > ${position}`)
  const behind = and(eq(boardId, id), sql`(${score}, ${member}) < ${position}`)
  const from = () => db.select({ member, score: asText }).from(leaderboardScores)
  const [[rank], before, after] = await Promise.all([
    db
      .select({ rank: sql<number>`count(*)::int` })
      .from(leaderboardScores)
      .where(ahead),
    from()
      .where(ahead)
      .orderBy(sql`${score} asc nulls first`, sql`${member} asc nulls first`)
      .limit(who.around),
    from()
      .where(behind)
      .orderBy(...downwards)
      .limit(who.around),
  ])
  return { own, rank: rank?.rank ?? 0, before: before.toReversed(), after }
}

/** The first by the ledger with what SQL's rank() and dense_rank() give them. */
export async function selectSqlRanks(db: Db, id: string, top: number) {
  return db.execute<{ member: string; rank: number; dense_rank: number }>(sql`
    select member, rank() over (order by score desc)::int as rank, dense_rank() over (order by score desc)::int as dense_rank
    from (select member, score from leaderboard_scores where board_id = ${id}
      order by score desc nulls last, member desc nulls last limit ${top}) as first
    order by score desc, member desc limit ${top}`)
}

/** How many members score above, and how many scores there are above. */
export async function selectSqlRank(db: Db, id: string, who: string) {
  const [row] = await db.execute<{ rank: number; dense_rank: number }>(sql`
    select 1 + count(*)::int as rank, 1 + count(distinct score)::int as dense_rank from leaderboard_scores
    where board_id = ${id}
      and score > (select score from leaderboard_scores where board_id = ${id} and member = ${who})`)
  return row ? { rank: row.rank, denseRank: row.dense_rank } : null
}

/** One per board and minute: a second worker's is left out. */
export async function insertSnapshot(db: Db, snapshot: typeof leaderboardSnapshots.$inferInsert): Promise<void> {
  await db.insert(leaderboardSnapshots).values(snapshot).onConflictDoNothing()
}

/** The newest at or before then. */
export async function selectSnapshot(db: Db, id: string, before: Date) {
  const { boardId: of, at, top } = leaderboardSnapshots
  const [row] = await db
    .select({ at, top })
    .from(leaderboardSnapshots)
    .where(and(eq(of, id), sql`${at} <= ${before.toISOString()}::timestamptz`))
    .orderBy(desc(at))
    .limit(1)
  return row ?? null
}

export async function deleteSnapshots(db: Db, { before }: { before: Date }): Promise<number> {
  return (
    await db.delete(leaderboardSnapshots).where(sql`${leaderboardSnapshots.at} < ${before.toISOString()}::timestamptz`)
  ).count
}

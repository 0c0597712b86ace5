import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { leaderboardEvents } from '@/db/postgres/schema/leaderboards'
import { arrayLiteral } from './array-literal'

type Entry = { ms: number; n: number }
/** `delta` as decimal text; `entry` is where Redis' stream had it, null of what came to the ledger first. */
export type LedgerEvent = { id: string; member: string; delta: string; entry: Entry | null }

/** Events of these ids that the ledger holds. */
export async function selectKnownEvents(db: Db, boardId: string, ids: readonly string[]): Promise<LedgerEvent[]> {
  if (ids.length === 0) return []
  const rows = await db.execute<{
    event_id: string
    member: string
    delta: string
    entry_ms: string | null
    entry_n: number
  }>(
    sql`select event_id, member, trim_scale(delta) as delta, entry_ms, entry_n from leaderboard_events
      where board_id = ${boardId} and event_id = any(${arrayLiteral(ids)}::text[]) order by event_id limit ${ids.length}`,
  )
  return rows.map(({ event_id, member, delta, entry_ms, entry_n }) => ({
    id: event_id,
    member,
    delta,
    entry: entry_ms === null ? null : { ms: Number(entry_ms), n: entry_n },
  }))
}

/** Adds events that are new and carries them into the sums; answers the sums of their members, in no order. */
export async function appendEvents(
  tx: Transaction,
  { boardId, lastSeq, at, events }: { boardId: string; lastSeq: number; at: Date; events: readonly LedgerEvent[] },
) {
  const column = (of: (event: LedgerEvent) => string | number | null) => arrayLiteral(events.map(of))
  const rows = await tx.execute<{ member: string; score: string; added: boolean }>(sql`
    with batch as (
      select ${lastSeq}::bigint + ordinality as seq, event_id, member collate "C" as member, delta, entry_ms, entry_n
      from unnest(${column(({ id }) => id)}::text[], ${column(({ member }) => member)}::text[],
        ${column(({ delta }) => delta)}::numeric[], ${column(({ entry }) => entry?.ms ?? null)}::bigint[],
        ${column(({ entry }) => entry?.n ?? null)}::int[])
        with ordinality as given (event_id, member, delta, entry_ms, entry_n, ordinality)
    ), ledger as (
      insert into leaderboard_events (board_id, event_id, seq, member, delta, entry_ms, entry_n, at)
      select ${boardId}::uuid, event_id, seq, member, delta, entry_ms, entry_n, ${at.toISOString()}::timestamptz from batch
      returning member, delta
    )
    insert into leaderboard_scores as known (board_id, member, score, events)
    select ${boardId}::uuid, member, sum(delta), count(*) from ledger group by member
    on conflict (board_id, member) do update
      set score = known.score + excluded.score, events = known.events + excluded.events
    returning member, trim_scale(score) as score, (xmax = 0) as added`)
  const added = rows.filter((row) => row.added).length
  await tx.execute(sql`
    update leaderboards set last_seq = ${lastSeq + events.length}, members = members + ${added},
      last_scored_at = ${at.toISOString()}::timestamptz where id = ${boardId}`)
  return new Map(rows.map(({ member, score }) => [member, score]))
}

export async function addLateRepeats(tx: Transaction, boardId: string, repeats: number): Promise<void> {
  await tx.execute(sql`update leaderboards set late_repeats = late_repeats + ${repeats} where id = ${boardId}`)
}

export async function selectScore(db: Db, boardId: string, member: string): Promise<string | null> {
  const [row] = await db.execute<{ score: string }>(
    sql`select trim_scale(score) as score from leaderboard_scores where board_id = ${boardId} and member = ${member}`,
  )
  return row?.score ?? null
}

/** Events after that one, by `seq`. */
export async function selectEventsAfter(db: Db, boardId: string, { seq, limit }: { seq: number; limit: number }) {
  const { seq: at, member, entryMs } = leaderboardEvents
  const delta = sql<string>`trim_scale(${leaderboardEvents.delta})`
  return db
    .select({ seq: at, member, delta, entryMs })
    .from(leaderboardEvents)
    .where(and(eq(leaderboardEvents.boardId, boardId), gt(at, seq)))
    .orderBy(asc(at))
    .limit(limit)
}

/** The newest events of a board, or of one of its members; newest first. */
export async function selectNewestEvents(db: Db, boardId: string, limit: number) {
  return db.execute<{ event_id: string; seq: string; member: string; delta: string; live: boolean; at: string }>(sql`
    select event_id, seq, member, trim_scale(delta) as delta, entry_ms is not null as live,
      to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from leaderboard_events where board_id = ${boardId} order by seq desc limit ${limit}`)
}

/** The newest event's number, to be asked before Redis is: what is younger than Redis' answer comes after it. */
export async function selectLastSeq(db: Db, boardId: string): Promise<number | null> {
  const [row] = await db.execute<{ last_seq: string }>(sql`select last_seq from leaderboards where id = ${boardId}`)
  return row ? Number(row.last_seq) : null
}

export type LedgerScore = { member: string; score: string; events: number }
/** What the ledger knew when Redis stood there: without its own events after `applied` and Redis' after `last`. */
export type AsOf = { since: number; applied: number; last: Entry | null }

const late = (boardId: string, { since, applied, last }: AsOf) => sql`
  from leaderboard_events where board_id = ${boardId} and seq > ${Math.min(since, applied)}
    and (case when entry_ms is null then seq > ${applied}
      else (entry_ms, entry_n) > (${last?.ms ?? Number.MAX_SAFE_INTEGER}::bigint, ${last?.n ?? 0}::int) end)`

/** The scores of these members as of then; who had no event by then has none. */
export async function selectScoresAsOf(tx: Transaction, boardId: string, asOf: AsOf, members: readonly string[]) {
  const named = sql`member = any(${arrayLiteral(members)}::text[])`
  return scoresOf(
    await tx.execute<Row>(sql`
      with late as (select member, sum(delta) as delta, count(*) as events ${late(boardId, asOf)} and ${named} group by member)
      select member, trim_scale(known.score - coalesce(late.delta, 0)) as score,
        known.events - coalesce(late.events, 0) as events
      from leaderboard_scores as known left join late using (member)
      where board_id = ${boardId} and ${named} limit ${members.length}`),
  )
}

type Row = { member: string; score: string; events: string }
const scoresOf = (rows: Iterable<Row>): LedgerScore[] =>
  [...rows].map(({ member, score, events }) => ({ member, score, events: Number(events) }))

/** The next members in the order of their bytes. */
export async function selectMembersAfter(db: Db, boardId: string, { after, limit }: { after: string; limit: number }) {
  const rows = await db.execute<{ member: string }>(sql`
    select member from leaderboard_scores where board_id = ${boardId} and member > ${after}
    order by member limit ${limit}`)
  return rows.map(({ member }) => member)
}

/** Lets all that this transaction asks see the same moment. */
export async function readOneMoment(tx: Transaction): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read, read only`)
}

/** Which of these members have a score. */
export async function selectKnownScores(db: Db, boardId: string, members: readonly string[]): Promise<Set<string>> {
  if (members.length === 0) return new Set()
  const rows = await db.execute<{ member: string }>(sql`
    select member from leaderboard_scores where board_id = ${boardId} and member = any(${arrayLiteral(members)}::text[])
    limit ${members.length}`)
  return new Set(rows.map(({ member }) => member))
}

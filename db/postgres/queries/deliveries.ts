import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { ALIVE_SECONDS } from './processes'

type OnChannel = { promptId: number; channel: string }
type Moved = OnChannel & { revision: number }

/** Milliseconds from the acknowledgement of a move; what was confirmed while it was still on its way took 0. */
const sinceAcknowledged = (at: 'confirmed_at' | 'max(confirmed_at)' | 'clock_timestamp()') => sql`
  case when ${sql.raw(at)} is not null
    then (greatest(0, extract(epoch from ${sql.raw(at)} - coalesce(applied_at, committed_at))) * 1000)::float8 end`

const alive = sql`exists (select from processes
  where id = process and seen_at > now() - make_interval(secs => ${ALIVE_SECONDS}))`

/** One move of a pointer: when it was committed and applied, and how many processes confirmed it. Null: no such move. */
export async function selectDelivery(db: Db, { promptId, channel, revision }: Moved) {
  const [row] = await db.execute<{
    committed_at: string
    applied_at: string | null
    asked: number
    confirmed: number
    waiting: number
    confirmed_ms: number | null
    waiting_ms: number
  }>(sql`
    select committed_at, applied_at, count(process)::int as asked, count(confirmed_at)::int as confirmed,
      (count(process) filter (where confirmed_at is null and ${alive}))::int as waiting,
      ${sinceAcknowledged('max(confirmed_at)')} as confirmed_ms,
      ${sinceAcknowledged('clock_timestamp()')} as waiting_ms
    from prompt_activations left join prompt_confirmations using (prompt_id, channel, revision)
    where prompt_id = ${promptId} and channel = ${channel} and revision = ${revision}
    group by committed_at, applied_at`)
  if (!row) return null
  return {
    committedAt: new Date(row.committed_at),
    appliedAt: row.applied_at === null ? null : new Date(row.applied_at),
    asked: row.asked,
    confirmed: row.confirmed,
    waiting: row.waiting,
    /** Until the last confirmation so far. */
    confirmedMs: row.confirmed_ms,
    /** How long whoever did not confirm has been waited for. */
    waitingMs: row.waiting_ms,
  }
}

/**
 * The processes of a move: first those that are waited for, then the confirmed ones, the slowest first, then those that ended
 * without a word. `serves` is the newest revision that the process confirmed; null: none of this channel.
 */
export async function selectProcessesOf(db: Db, { promptId, channel, revision, limit }: Moved & { limit: number }) {
  const rows = await db.execute<{
    process: string
    role: string
    name: string
    alive: boolean
    after_ms: number | null
    serves: string | null
  }>(sql`
    select asked.*, case when after_ms is null then newest.revision else ${revision} end as serves
    from (
      select process, role, name, ${alive} as alive,
        ${sinceAcknowledged('confirmed_at')} as after_ms
      from prompt_confirmations join prompt_activations using (prompt_id, channel, revision)
      where prompt_id = ${promptId} and channel = ${channel} and revision = ${revision}
    ) asked
    left join lateral (
      select revision from prompt_confirmations
      where prompt_id = ${promptId} and channel = ${channel} and process = asked.process
        and confirmed_at is not null and asked.after_ms is null
      order by revision desc limit 1
    ) newest on true
    order by after_ms is null and alive desc, after_ms desc nulls last, name, process
    limit ${limit}`)
  return rows.map(({ after_ms: afterMs, serves, ...row }) => ({
    ...row,
    afterMs,
    serves: serves === null ? null : Number(serves),
  }))
}

/** Of the newest moves, oldest first: how many were asked and confirmed, and how long the last confirmation took. */
export async function selectDeliveryTimes(db: Db, { promptId, channel, limit }: OnChannel & { limit: number }) {
  const rows = await db.execute<{
    revision: string
    version: number
    committed_at: string
    asked: number
    confirmed: number
    waiting: number
    confirmed_ms: number | null
  }>(sql`
    with newest as (
      select prompt_id, channel, revision, version, committed_at, applied_at from prompt_activations
      where prompt_id = ${promptId} and channel = ${channel} order by revision desc limit ${limit})
    select revision, version, committed_at, count(process)::int as asked, count(confirmed_at)::int as confirmed,
      (count(process) filter (where confirmed_at is null and ${alive}))::int as waiting,
      ${sinceAcknowledged('max(confirmed_at)')} as confirmed_ms
    from newest left join prompt_confirmations using (prompt_id, channel, revision)
    group by revision, version, committed_at, applied_at
    order by newest.revision`)
  return rows.map(({ revision, version, committed_at: at, asked, confirmed, waiting, confirmed_ms: confirmedMs }) => ({
    revision: Number(revision),
    version,
    at: new Date(at),
    asked,
    confirmed,
    waiting,
    confirmedMs,
  }))
}

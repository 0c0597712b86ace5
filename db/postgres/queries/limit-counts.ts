import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/** A process' running total for one minute. */
export type LimitTotal = {
  minute: string
  policyId: string
  tenant: string
  subject: string
  admitted: number
  admittedPoints: number
  refused: number
  refusedPoints: number
  byPostgres: number
}

type Window = { from: Date; to: Date }
/** How many subjects and minutes are read at most for a replay. */
export const MOST_SUBJECT_MINUTES = 200_000
const MOST_SUBJECTS = 20
const MOST_LIMITED = 50
const DELETED_PER_CALL = 20_000

const within = ({ from, to }: Window) =>
  sql`minute >= ${from.toISOString()}::timestamptz and minute < ${to.toISOString()}::timestamptz`

/** Writes totals over earlier ones of the same minute; to do it twice changes nothing. */
export async function saveLimitTotals(db: Db, process: string, rows: LimitTotal[]): Promise<void> {
  await db.execute(sql`
    insert into limit_counts (minute, policy_id, tenant, subject, process, admitted, admitted_points, refused,
      refused_points, by_postgres)
    select "minute", "policyId", "tenant", "subject", ${process}, "admitted", "admittedPoints", "refused",
      "refusedPoints", "byPostgres"
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as total("minute" timestamptz, "policyId" uuid,
      "tenant" text, "subject" text, "admitted" int, "admittedPoints" bigint, "refused" int, "refusedPoints" bigint,
      "byPostgres" int)
    order by 1, 2, 3, 4
    on conflict (minute, policy_id, tenant, subject, process) do update
      set admitted = excluded.admitted, admitted_points = excluded.admitted_points, refused = excluded.refused,
        refused_points = excluded.refused_points, by_postgres = excluded.by_postgres`)
}

/** Of each policy: what was asked in the window, and by how many. */
export async function limitTotals(db: Db, window: Window) {
  const rows = await db.execute<Record<string, string>>(sql`
    select policy_id, sum(admitted) as admitted, sum(refused) as refused, sum(by_postgres) as by_postgres,
      count(distinct (tenant, subject)) as subjects,
      count(distinct (tenant, subject)) filter (where refused > 0) as refused_subjects
    from limit_counts where ${within(window)} group by policy_id order by policy_id limit 1000`)
  return rows.map((row) => ({
    policyId: row.policy_id ?? '',
    admitted: Number(row.admitted),
    refused: Number(row.refused),
    byPostgres: Number(row.by_postgres),
    subjects: Number(row.subjects),
    refusedSubjects: Number(row.refused_subjects),
  }))
}

/** Who was refused in the window, those refused most first. */
export async function refusedSubjects(db: Db, window: Window) {
  const rows = await db.execute<Record<string, string>>(sql`
    select policy_id, tenant, subject, sum(refused) as refused, sum(admitted) as admitted, max(minute) as last
    from limit_counts where ${within(window)} and refused > 0
    group by policy_id, tenant, subject order by sum(refused) desc, policy_id, tenant, subject limit ${MOST_LIMITED}`)
  return rows.map((row) => ({
    policyId: row.policy_id ?? '',
    tenant: row.tenant ?? '',
    subject: row.subject ?? '',
    refused: Number(row.refused),
    admitted: Number(row.admitted),
  }))
}

/** Admitted and refused calls of one policy per bucket of the clock. */
export async function limitSeries(
  db: Db,
  { policyId, stepSeconds, ...window }: Window & { policyId: string; stepSeconds: number },
) {
  const rows = await db.execute<Record<string, string>>(sql`
    select floor(extract(epoch from minute) / ${stepSeconds})::bigint as bucket, sum(admitted) as admitted,
      sum(refused) as refused, sum(by_postgres) as by_postgres
    from limit_counts where policy_id = ${policyId}::uuid and ${within(window)} group by 1 order by 1 limit 2000`)
  return rows.map((row) => ({
    bucket: Number(row.bucket),
    admitted: Number(row.admitted),
    refused: Number(row.refused),
    byPostgres: Number(row.by_postgres),
  }))
}

/** Who asked most of a policy. */
export async function topSubjects(db: Db, { policyId, ...window }: Window & { policyId: string }) {
  const rows = await db.execute<Record<string, string>>(sql`
    select tenant, subject, sum(admitted) as admitted, sum(refused) as refused,
      sum(admitted_points) as admitted_points, extract(epoch from max(minute) filter (where refused > 0)) * 1000 as last
    from limit_counts where policy_id = ${policyId}::uuid and ${within(window)}
    group by tenant, subject order by sum(admitted_points) + sum(refused_points) desc, tenant, subject
    limit ${MOST_SUBJECTS}`)
  return rows.map((row) => ({
    tenant: row.tenant ?? '',
    subject: row.subject ?? '',
    admitted: Number(row.admitted),
    refused: Number(row.refused),
    admittedPoints: Number(row.admitted_points),
    /** The minute of the newest refusal, as epoch milliseconds. */
    lastRefusedMinute: row.last === null ? null : Number(row.last),
  }))
}

/** What every subject asked in every minute, in order; at most MOST_SUBJECT_MINUTES and one more. */
export async function askedByMinute(db: Db, { policyId, ...window }: Window & { policyId: string }) {
  const rows = await db.execute<Record<string, string>>(sql`
    select tenant, subject, extract(epoch from minute)::bigint as minute, sum(admitted) as admitted,
      sum(refused) as refused, sum(admitted_points) as admitted_points, sum(refused_points) as refused_points
    from limit_counts where policy_id = ${policyId}::uuid and ${within(window)}
    group by tenant, subject, limit_counts.minute order by tenant, subject, limit_counts.minute
    limit ${MOST_SUBJECT_MINUTES + 1}`)
  return rows.map((row) => ({
    tenant: row.tenant ?? '',
    subject: row.subject ?? '',
    /** Whole minutes since 1970. */
    minute: Math.round(Number(row.minute) / 60),
    admitted: Number(row.admitted),
    refused: Number(row.refused),
    admittedPoints: Number(row.admitted_points),
    refusedPoints: Number(row.refused_points),
  }))
}
export type AskedMinute = Awaited<ReturnType<typeof askedByMinute>>[number]

/** Model calls that were recorded for those subjects, per minute: users of a tenant (of any, where it is empty) or tenants. */
export async function callsByMinute(
  db: Db,
  { policyId, subject, ...window }: Window & { policyId: string; subject: 'user' | 'tenant' },
) {
  const { from, to } = { from: window.from.toISOString(), to: window.to.toISOString() }
  const named =
    subject === 'tenant'
      ? sql`u.tenant = asked.subject`
      : sql`u.user_id = asked.subject and (asked.tenant = '' or u.tenant = asked.tenant)`
  const rows = await db.execute<Record<string, string>>(sql`
    with asked as (select distinct tenant, subject from limit_counts
      where policy_id = ${policyId}::uuid and ${within(window)} limit 10000)
    select asked.tenant, asked.subject, floor(extract(epoch from u.occurred_at) / 60)::bigint as minute, count(*) as calls
    from asked join llm_usage u on ${named}
    where u.occurred_at >= ${from}::timestamptz and u.occurred_at < ${to}::timestamptz and not u.cached
    group by 1, 2, 3 order by 1, 2, 3 limit ${MOST_SUBJECT_MINUTES + 1}`)
  return rows.map((row) => ({
    tenant: row.tenant ?? '',
    subject: row.subject ?? '',
    minute: Number(row.minute),
    calls: Number(row.calls),
  }))
}

/** How many rows went that nobody asks for any more. */
export async function deleteOldLimitCounts(db: Db, before: Date): Promise<number> {
  const gone = await db.execute(sql`
    delete from limit_counts where ctid = any (array (
      select ctid from limit_counts where minute < ${before.toISOString()}::timestamptz limit ${DELETED_PER_CALL}))`)
  return gone.count
}

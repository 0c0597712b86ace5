import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { callsWhere, usageRows } from './usage-rows'

type Around = { from: Date; to: Date; tenant?: string }

export type ReportedVersion = {
  name: string
  version: number
  calls: number
  first: Date
  last: Date
  /** Calls while the channel did not serve that version, when, which other channels did, and how often none did. */
  strayCalls: number
  strayFirst: Date | null
  strayLast: Date | null
  elsewhere: string[]
  nowhereCalls: number
}

/**
 * The versions that a tenant's calls said they used, most used first, each call held against what was live when it was
 * made, `graceSeconds` more or less: a call takes its time, and clocks differ.
 */
export async function reportedVersions(
  db: Db,
  { channel, graceSeconds, limit, ...around }: Around & { channel: string; graceSeconds: number; limit: number },
): Promise<ReportedVersion[]> {
  const grace = sql`make_interval(secs => ${graceSeconds}::int)`
  const rows = await db.execute<Record<string, unknown>>(sql`
    with called as (
      select prompt_name as name, prompt_version as version, min(occurred_at) as first, max(occurred_at) as last,
        count(*) as calls
      from llm_usage where ${callsWhere(around)} and prompt_name is not null
      group by prompt_name, prompt_version, date_trunc('second', occurred_at)
    ), moves as (
      select p.name, a.channel, a.version, a.rollout, a.committed_at as since,
        lead(a.committed_at) over (partition by a.prompt_id, a.channel order by a.revision) as until
      from prompts p join prompt_activations a on a.prompt_id = p.id
      where p.name in (select name from called)
    ), served as materialized (
      select name, channel, coalesce((arm ->> 'version')::int, version) as version, since - ${grace} as since,
        coalesce(until + ${grace}, 'infinity') as until
      from moves left join lateral jsonb_array_elements(rollout -> 'arms') as arm on true
      where since - ${grace} < ${around.to.toISOString()}::timestamptz
        and (until is null or until + ${grace} > ${around.from.toISOString()}::timestamptz)
    ), judged as (
      select called.*, (select coalesce(array_agg(distinct channel), '{}') from served
        where served.name = called.name and served.version = called.version
          and served.since <= called.last and served.until > called.first) as channels
      from called
    )
    select name, version, sum(calls)::text as calls, ${ms(sql`min(first)`)} as first, ${ms(sql`max(last)`)} as last,
      coalesce(sum(calls) filter (where ${stray(channel)}), 0)::text as stray_calls,
      ${ms(sql`min(first) filter (where ${stray(channel)})`)} as stray_first,
      ${ms(sql`max(last) filter (where ${stray(channel)})`)} as stray_last,
      coalesce(sum(calls) filter (where channels = '{}'), 0)::text as nowhere_calls,
      coalesce(jsonb_agg(distinct channels) filter (where ${stray(channel)}), '[]') as elsewhere
    from judged group by name, version order by sum(calls) desc, name, version limit ${limit}`)
  return rows.map((row) => ({
    name: String(row.name),
    version: Number(row.version),
    calls: Number(row.calls),
    first: new Date(Number(row.first)),
    last: new Date(Number(row.last)),
    strayCalls: Number(row.stray_calls),
    strayFirst: row.stray_first === null ? null : new Date(Number(row.stray_first)),
    strayLast: row.stray_last === null ? null : new Date(Number(row.stray_last)),
    nowhereCalls: Number(row.nowhere_calls),
    elsewhere: [...new Set((row.elsewhere as string[][]).flat())].sort(),
  }))
}

const stray = (channel: string) => sql`not ${channel} = any (channels)`
const ms = (at: ReturnType<typeof sql>) => sql`floor(extract(epoch from ${at}) * 1000)::float8`

/** The models that were called, most called first, and how many there were. */
export async function modelsUsed(db: Db, { limit, ...around }: Around & { limit: number }) {
  const rows = await db.execute<{ provider: string; model: string; calls: string; total: string }>(sql`
    select provider, model, sum(requests)::text as calls, (count(*) over ())::text as total
    from (${usageRows(around, 'hours', { user: false, detail: true })}) as used
    group by provider, model order by sum(requests) desc, provider, model limit ${limit}`)
  return rows.map(({ provider, model, calls, total }) => ({
    provider,
    model,
    calls: Number(calls),
    total: Number(total),
  }))
}

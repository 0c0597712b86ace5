import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'

/** What the calls of one session added up to; `costUsd` is exact over those with a price, `prompt` the last one used. */
export type SessionUsage = {
  id: string
  requests: number
  tokens: number
  costUsd: string
  unpriced: number
  promptName: string | null
  promptVersion: number | null
}

/** Calls whose conversation is the id, since the session began; ids without any are absent. */
export async function usageOfSessions(
  db: Db,
  sessions: readonly { id: string; tenant: string; since: string }[],
): Promise<SessionUsage[]> {
  if (sessions.length === 0) return []
  const column = (name: 'id' | 'tenant' | 'since') => arrayLiteral(sessions.map((one) => one[name]))
  const rows = await db.execute<{
    id: string
    requests: string
    tokens: string
    cost_usd: string
    unpriced: string
    prompt_name: string | null
    prompt_version: number | null
  }>(sql`
    select s.id, u.requests, u.tokens, u.cost_usd, u.unpriced, p.prompt_name, p.prompt_version
    from unnest(${column('id')}::text[], ${column('tenant')}::text[], ${column('since')}::timestamptz[]) as s(id, tenant, since)
    cross join lateral (
      select count(*) as requests, coalesce(sum(input_tokens::bigint + output_tokens), 0) as tokens,
        trim_scale(coalesce(sum(cost_usd), 0))::text as cost_usd, count(*) filter (where cost_usd is null) as unpriced
      from llm_usage where conversation = s.id and tenant = s.tenant and occurred_at >= s.since
    ) as u
    left join lateral (
      select prompt_name, prompt_version from llm_usage
      where conversation = s.id and tenant = s.tenant and occurred_at >= s.since and prompt_name is not null
      order by occurred_at desc limit 1
    ) as p on true
    where u.requests > 0
    order by s.id limit ${sessions.length}`)
  return rows.map((row) => ({
    id: row.id,
    requests: Number(row.requests),
    tokens: Number(row.tokens),
    costUsd: row.cost_usd,
    unpriced: Number(row.unpriced),
    promptName: row.prompt_name,
    promptVersion: row.prompt_version,
  }))
}

/** The prompt that the last call of each session used. */
export async function lastPromptOfSessions(
  db: Db,
  sessions: readonly { id: string; tenant: string; since: string }[],
): Promise<Map<string, { name: string; version: number | null }>> {
  if (sessions.length === 0) return new Map()
  const column = (name: 'id' | 'tenant' | 'since') => arrayLiteral(sessions.map((one) => one[name]))
  const rows = await db.execute<{ id: string; name: string; version: number | null }>(sql`
    select s.id, p.prompt_name as name, p.prompt_version as version
    from unnest(${column('id')}::text[], ${column('tenant')}::text[], ${column('since')}::timestamptz[]) as s(id, tenant, since)
    cross join lateral (
      select prompt_name, prompt_version from llm_usage
      where conversation = s.id and tenant = s.tenant and occurred_at >= s.since and prompt_name is not null
      order by occurred_at desc limit 1
    ) as p
    order by s.id limit ${sessions.length}`)
  return new Map(rows.map(({ id, name, version }) => [id, { name, version }]))
}

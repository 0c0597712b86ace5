import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { promptChannels } from '@/db/postgres/schema/approvals'
import { promptDeployments, prompts } from '@/db/postgres/schema/prompts'
import { callsWhere, usageRows } from './usage-rows'

type OfVersion = { name: string; version: number; from: Date; to: Date }
const filterOf = ({ name, version, from, to }: OfVersion) => ({ from, to, prompt: { name, version } })

/** The versions that a channel serves, several during a rollout; empty where nothing is active, null without such a prompt. */
export async function servedOn(db: Db, { name, channel }: { name: string; channel: string }): Promise<number[] | null> {
  const [row] = await db
    .select({ version: promptDeployments.version, rollout: promptDeployments.rollout })
    .from(prompts)
    .leftJoin(
      promptDeployments,
      and(eq(promptDeployments.promptId, prompts.id), eq(promptDeployments.channel, channel)),
    )
    .where(eq(prompts.name, name))
  if (!row) return null
  const arms = row.rollout?.arms.map(({ version }) => version) ?? []
  return row.version === null ? [] : [...new Set([row.version, ...arms])]
}

/** Calls that used a version, and how many of them said which conversation they belong to. */
export async function countCallsOfVersion(db: Db, of: OfVersion) {
  const [row] = await db.execute<{ requests: string; named: string }>(sql`
    select count(*)::text as requests, count(conversation)::text as named from llm_usage where ${callsWhere(filterOf(of))}`)
  return { requests: Number(row?.requests ?? 0), withConversation: Number(row?.named ?? 0) }
}

/** The conversations whose calls used a version, at most `limit`. */
export async function conversationsOfVersion(db: Db, { limit, ...of }: OfVersion & { limit: number }) {
  const rows = await db.execute<{ conversation: string }>(sql`
    select distinct conversation from llm_usage
    where ${callsWhere(filterOf(of))} and conversation is not null
    order by conversation limit ${limit}`)
  return rows.map(({ conversation }) => conversation)
}

/** What the priced calls of a version cost that no cache answered: how many, and US dollars, exact. */
export async function costOfUncachedCalls(db: Db, of: OfVersion): Promise<{ requests: number; costUsd: string }> {
  const [row] = await db.execute<{ requests: string; cost: string }>(sql`
    select coalesce(sum(requests - cache_hits - unpriced), 0)::text as requests, coalesce(sum(cost_usd), 0)::text as cost
    from (${usageRows(filterOf(of), 'hours', { user: false, detail: true })}) as used`)
  return { requests: Number(row?.requests ?? 0), costUsd: row?.cost ?? '0' }
}

/** Prompts that include this one in what they serve on the channel, by name; `total` counts those beyond the limit too. */
export async function includersOf(db: Db, { name, channel, limit }: { name: string; channel: string; limit: number }) {
  const rows = await db.execute<{ name: string; total: string }>(sql`
    select p.name, (count(*) over ())::text as total from prompts p
    where exists (
      select 1 from prompt_deployments d
      join prompt_versions v on v.prompt_id = d.prompt_id
        and (v.version = d.version or d.rollout->'arms' @> jsonb_build_array(jsonb_build_object('version', v.version)))
      where d.prompt_id = p.id and d.channel = ${channel} and ${name} = any(v.includes))
    order by p.name limit ${limit}`)
  return { names: rows.map((row) => row.name), total: Number(rows[0]?.total ?? 0) }
}

/** Whether a second person has to approve what the channel shall serve. */
export async function approvalOn(db: Db, { channel }: { channel: string }): Promise<boolean> {
  const [row] = await db
    .select({ required: promptChannels.requiresApproval })
    .from(promptChannels)
    .where(eq(promptChannels.name, channel))
    .orderBy(asc(promptChannels.name))
    .limit(1)
  return row?.required ?? false
}

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

export type ConversationFilter = {
  tenant: string | null
  user: string | null
  prompt: { name: string; version?: number } | null
  /** A status of its calls; `any` is every one but ok. */
  problem: string | null
  from: Date
  to: Date
}
export type Conversation = {
  tenant: string
  id: string
  user: string
  startedAt: Date
  lastAt: Date
  turns: number
}
/** What its calls add up to; `costUsd` is exact over those with a price. */
export type ConversationUsage = {
  calls: number
  inputTokens: number
  outputTokens: number
  costUsd: string
  unpriced: number
  problems: number
  /** Mean over calls that reached a model and said how long they took; null where none did. */
  latencyMs: number | null
}
export type Listed = Conversation & { usage: ConversationUsage }

const ofConversation = sql`u.conversation = c.id and u.tenant = c.tenant`

function passes({ tenant, user, prompt, problem, from, to }: ConversationFilter): SQL {
  const conditions = [
    sql`c.last_at >= ${from.toISOString()}::timestamptz and c.last_at < ${to.toISOString()}::timestamptz`,
    ...(tenant === null ? [] : [sql`c.tenant = ${tenant}`]),
    ...(user === null ? [] : [sql`c.user_id = ${user}`]),
    ...(prompt === null
      ? []
      : [
          sql`exists (select from llm_usage u where ${ofConversation} and u.prompt_name = ${prompt.name}
            ${prompt.version === undefined ? sql`` : sql`and u.prompt_version = ${prompt.version}`})`,
        ]),
    ...(problem === null
      ? []
      : [
          sql`exists (select from llm_usage u where ${ofConversation}
            and ${problem === 'any' ? sql`u.status <> 'ok'` : sql`u.status = ${problem}`})`,
        ]),
  ]
  return sql.join(conditions, sql` and `)
}

const usageColumns = sql`count(*) as calls, coalesce(sum(input_tokens::bigint), 0) as input_tokens,
  coalesce(sum(output_tokens::bigint), 0) as output_tokens, trim_scale(coalesce(sum(cost_usd), 0))::text as cost_usd,
  count(*) filter (where cost_usd is null) as unpriced, count(*) filter (where status <> 'ok') as problems,
  avg(latency_ms) filter (where not cached) as latency_ms`

type UsageRow = {
  calls: string
  input_tokens: string
  output_tokens: string
  cost_usd: string
  unpriced: string
  problems: string
  latency_ms: string | null
}
const usageOf = (row: UsageRow): ConversationUsage => ({
  calls: Number(row.calls),
  inputTokens: Number(row.input_tokens),
  outputTokens: Number(row.output_tokens),
  costUsd: row.cost_usd,
  unpriced: Number(row.unpriced),
  problems: Number(row.problems),
  latencyMs: row.latency_ms === null ? null : Math.round(Number(row.latency_ms)),
})

type ConversationRow = {
  tenant: string
  id: string
  user_id: string
  started_at: string
  last_at: string
  turns: number
}
const conversationOf = (row: ConversationRow): Conversation => ({
  tenant: row.tenant,
  id: row.id,
  user: row.user_id,
  startedAt: new Date(row.started_at),
  lastAt: new Date(row.last_at),
  turns: row.turns,
})

/** Conversations by their last turn, the newest first, after the cursor: by keyset. With what their calls add up to. */
export async function conversationsByLastTurn(
  db: Db,
  filter: ConversationFilter,
  { after, limit }: { after: { lastAt: string; tenant: string; id: string } | null; limit: number },
): Promise<Listed[]> {
  const next =
    after &&
    sql`and (c.last_at, c.tenant collate "C", c.id collate "C") < (${after.lastAt}::timestamptz, ${after.tenant}, ${after.id})`
  const rows = await db.execute<ConversationRow & UsageRow>(sql`
    select c.*, used.* from (
      select c.tenant, c.id, c.user_id, c.started_at, c.last_at, c.turns from conversations c
      where ${passes(filter)} ${next ?? sql``}
      order by c.last_at desc, c.tenant collate "C" desc, c.id collate "C" desc limit ${limit}
    ) as c
    cross join lateral (select ${usageColumns} from llm_usage u where ${ofConversation}) as used
    order by c.last_at desc, c.tenant collate "C" desc, c.id collate "C" desc`)
  return rows.map((row) => ({ ...conversationOf(row), usage: usageOf(row) }))
}

export async function selectConversation(db: Db, { tenant, id }: Pick<Conversation, 'tenant' | 'id'>) {
  const [row] = await db.execute<ConversationRow>(sql`
    select tenant, id, user_id, started_at, last_at, turns from conversations where tenant = ${tenant} and id = ${id}`)
  return row ? conversationOf(row) : null
}

export async function usageOfConversation(db: Db, { tenant, id }: Pick<Conversation, 'tenant' | 'id'>) {
  const [row] = await db.execute<UsageRow>(sql`
    select ${usageColumns} from llm_usage u where u.conversation = ${id} and u.tenant = ${tenant}`)
  if (!row) throw new Error('an aggregate without a row')
  return usageOf(row)
}

export type Message = {
  begun: number
  ordinal: number
  role: string
  content: string
  at: Date
  usageId: string | null
}

/** The last turns before a place, in their order; one more than `limit` says that there are earlier ones. */
export async function messagesBefore(
  db: Db,
  { tenant, id }: Pick<Conversation, 'tenant' | 'id'>,
  { before, limit }: { before: { begun: number; ordinal: number } | null; limit: number },
): Promise<Message[]> {
  const earlier = before && sql`and (begun, ordinal) < (${before.begun}::bigint, ${before.ordinal}::int)`
  const rows = await db.execute<Omit<Message, 'begun' | 'at'> & { begun: string; at: string }>(sql`
    select begun::text, ordinal, role, content, at, usage_id as "usageId" from messages
    where tenant = ${tenant} and conversation = ${id} ${earlier ?? sql``}
    order by begun desc, ordinal desc limit ${limit}`)
  return rows.map((row) => ({ ...row, begun: Number(row.begun), at: new Date(row.at) })).reverse()
}

export type ConversationCall = {
  id: string
  occurredAt: Date
  provider: string
  model: string
  promptName: string | null
  promptVersion: number | null
  inputTokens: number
  outputTokens: number
  latencyMs: number | null
  cached: boolean
  status: string
  costUsd: string | null
}

/** The calls of a conversation in a stretch of time, the newest `limit` of them, in their order. */
export async function callsOfConversation(
  db: Db,
  { tenant, id }: Pick<Conversation, 'tenant' | 'id'>,
  { from, to, limit }: { from: Date | null; to: Date | null; limit: number },
): Promise<ConversationCall[]> {
  const rows = await db.execute<Omit<ConversationCall, 'occurredAt'> & { occurredAt: string }>(sql`
    select event_id as id, occurred_at as "occurredAt", provider, model, prompt_name as "promptName",
      prompt_version as "promptVersion", input_tokens as "inputTokens", output_tokens as "outputTokens",
      latency_ms as "latencyMs", cached, status, trim_scale(cost_usd)::text as "costUsd"
    from llm_usage where conversation = ${id} and tenant = ${tenant}
      ${from ? sql`and occurred_at >= ${from.toISOString()}::timestamptz` : sql``}
      ${to ? sql`and occurred_at < ${to.toISOString()}::timestamptz` : sql``}
    order by occurred_at desc, event_id desc limit ${limit}`)
  return rows.map((row) => ({ ...row, occurredAt: new Date(row.occurredAt) })).reverse()
}

import { eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { promptChannels } from '@/db/postgres/schema/approvals'
import { promptDeployments } from '@/db/postgres/schema/prompts'

const LISTED = 200

/** Every channel that serves a prompt or has a setting, and `production`, by name. */
export async function selectChannels(db: Db) {
  const rows = await db.execute<{
    name: string
    prompts: number
    requiresApproval: boolean
    changedBy: string | null
    changedAt: string | null
  }>(sql`
    select name, coalesce(used.prompts, 0)::int as "prompts", coalesce(c.requires_approval, false) as "requiresApproval",
      c.changed_by as "changedBy", c.changed_at as "changedAt"
    from (select channel as name, count(*) as prompts from ${promptDeployments} group by channel) used
      full join ${promptChannels} c using (name)
      full join (values ('production')) as always (name) using (name)
    order by name <> 'production', name
    limit ${LISTED + 1}`)
  return { rows: rows.slice(0, LISTED), more: rows.length > LISTED }
}

/**
 * Whether a move on this channel needs a second person. Until the transaction ends nobody can change that: reading `for
 * share` shuts out `lockChannels`, also where the channel has no row yet.
 */
export async function requiresApproval(tx: Transaction, channel: string): Promise<boolean> {
  const [row] = await tx
    .select({ required: promptChannels.requiresApproval })
    .from(promptChannels)
    .where(eq(promptChannels.name, channel))
    .for('share')
  return row?.required ?? false
}

/** Waits for every move that has read what channels need, and makes new ones wait. */
export async function lockChannels(tx: Transaction): Promise<void> {
  await tx.execute(sql`lock table ${promptChannels} in exclusive mode`)
}

/** Answers whether the channel required approval before. */
export async function upsertChannel(
  tx: Transaction,
  { name, requiresApproval, changedBy }: { name: string; requiresApproval: boolean; changedBy: string },
): Promise<boolean> {
  const [before] = await tx
    .select({ required: promptChannels.requiresApproval })
    .from(promptChannels)
    .where(eq(promptChannels.name, name))
  const set = { requiresApproval, changedBy, changedAt: sql`now()` }
  await tx
    .insert(promptChannels)
    .values({ name, ...set })
    .onConflictDoUpdate({ target: promptChannels.name, set })
  return before?.required ?? false
}

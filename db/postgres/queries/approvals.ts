import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { promptApprovals } from '@/db/postgres/schema/approvals'
import { promptDeployments, prompts } from '@/db/postgres/schema/prompts'

export type ApprovalState = 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'overtaken'

const columns = {
  id: promptApprovals.id,
  promptId: promptApprovals.promptId,
  name: prompts.name,
  channel: promptApprovals.channel,
  kind: promptApprovals.kind,
  version: promptApprovals.version,
  request: promptApprovals.request,
  liveRevision: promptApprovals.liveRevision,
  reason: promptApprovals.reason,
  requestedByKind: promptApprovals.requestedByKind,
  requestedById: promptApprovals.requestedById,
  requestedByPerson: promptApprovals.requestedByPerson,
  by: promptApprovals.requestedBy,
  requestedAt: promptApprovals.requestedAt,
  state: sql<ApprovalState>`${promptApprovals.state}`,
  decidedBy: promptApprovals.decidedBy,
  decidedAt: promptApprovals.decidedAt,
  note: promptApprovals.note,
  revision: promptApprovals.revision,
}

const joined = (db: Db) =>
  db.select(columns).from(promptApprovals).innerJoin(prompts, eq(prompts.id, promptApprovals.promptId))
export type ApprovalRow = Awaited<ReturnType<typeof joined>>[number]

type OnChannel = { promptId: number; channel: string }
const isPending = eq(promptApprovals.state, 'pending')

/** What waits for a second person on a channel, held until the transaction ends. */
export async function lockPendingApproval(tx: Transaction, { promptId, channel }: OnChannel) {
  const [row] = await joined(tx)
    .where(and(eq(promptApprovals.promptId, promptId), eq(promptApprovals.channel, channel), isPending))
    .for('update', { of: promptApprovals })
  return row ?? null
}

/** A request of this prompt, held until the transaction ends. */
export async function lockApproval(tx: Transaction, { name, id }: { name: string; id: string }) {
  const [row] = await joined(tx)
    .where(and(eq(promptApprovals.id, id), eq(prompts.name, name)))
    .for('update', { of: promptApprovals })
  return row ?? null
}

/** Null when another one waits on the channel already. */
export async function insertApproval(tx: Transaction, approval: typeof promptApprovals.$inferInsert) {
  const [row] = await tx
    .insert(promptApprovals)
    .values(approval)
    .onConflictDoNothing()
    .returning({ id: promptApprovals.id, requestedAt: promptApprovals.requestedAt })
  return row ?? null
}

type Decision = {
  id: string
  state: Exclude<ApprovalState, 'pending'>
  by: string | null
  note?: string | null
  revision?: number
}

export async function decideApproval(tx: Transaction, { id, state, by, note = null, revision }: Decision) {
  await tx
    .update(promptApprovals)
    .set({ state, decidedBy: by, decidedAt: sql`clock_timestamp()`, note, revision })
    .where(eq(promptApprovals.id, id))
}

/** The revision that a channel serves, held where it is until the transaction ends; 0 where nothing is live. */
export async function holdPointer(tx: Transaction, { promptId, channel }: OnChannel): Promise<number> {
  const [row] = await tx
    .select({ revision: promptDeployments.revision })
    .from(promptDeployments)
    .where(and(eq(promptDeployments.promptId, promptId), eq(promptDeployments.channel, channel)))
    .for('share')
  return row?.revision ?? 0
}

/** Newest first. */
export async function selectApprovals(
  db: Db,
  { promptId, channel, limit }: { promptId: number; channel: string; limit: number },
) {
  return joined(db)
    .where(and(eq(promptApprovals.promptId, promptId), eq(promptApprovals.channel, channel)))
    .orderBy(desc(promptApprovals.requestedAt), asc(promptApprovals.id))
    .limit(limit)
}

/** What waits for a second person on any channel of these prompts, oldest first. */
export async function selectPendingOf(db: Db, { promptIds }: { promptIds: readonly number[] }) {
  if (promptIds.length === 0) return []
  return joined(db)
    .where(and(inArray(promptApprovals.promptId, [...promptIds]), isPending))
    .orderBy(asc(promptApprovals.requestedAt), asc(promptApprovals.id))
    .limit(500)
}

/** How many changes wait for a second person, and which has waited longest. */
export async function selectWaiting(db: Db) {
  const [[all], [oldest]] = await Promise.all([
    db.select({ n: count() }).from(promptApprovals).where(isPending),
    joined(db).where(isPending).orderBy(asc(promptApprovals.requestedAt), asc(promptApprovals.id)).limit(1),
  ])
  return { count: all?.n ?? 0, oldest: oldest ?? null }
}

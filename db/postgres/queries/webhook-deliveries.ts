import { and, arrayContains, desc, eq, inArray, lt, ne, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { webhookDeliveries, webhooks } from '@/db/postgres/schema/webhooks'
import { arrayLiteral } from './array-literal'

const { id, webhookId, eventId, event, state, attempts, nextAttemptAt } = webhookDeliveries

export type DeliveryState = 'pending' | 'delivered' | 'failed'

/** An attempt that this process has to make: it is counted already. */
export type ClaimedDelivery = {
  id: number
  webhookId: string
  eventId: string
  payload: Record<string, unknown>
  attempts: number
  url: string
  secret: string
}

/** One delivery per enabled webhook that wants the event. */
export async function insertDeliveries(
  db: Db,
  { event, payload }: { event: string; payload: Record<string, unknown> },
): Promise<void> {
  const told = db
    .select({
      webhookId: webhooks.id,
      event: sql<string>`${event}::text`.as('event'),
      payload: sql`${JSON.stringify(payload)}::text::jsonb`.as('payload'),
    })
    .from(webhooks)
    .where(and(eq(webhooks.enabled, true), arrayContains(webhooks.events, [event])))
  await db.execute(sql`insert into ${webhookDeliveries} (webhook_id, event, payload) ${told}`)
}

/** A delivery whose first attempt its maker makes at once; nobody else takes it. */
export async function insertClaimedDelivery(
  db: Db,
  delivery: { webhookId: string; event: string; payload: Record<string, unknown>; leaseSeconds: number },
) {
  const { leaseSeconds, ...rest } = delivery
  const [row] = await db
    .insert(webhookDeliveries)
    .values({ ...rest, attempts: 1, nextAttemptAt: inSeconds(leaseSeconds) })
    .returning({ id, eventId, attempts })
  if (!row) throw new Error('INSERT INTO webhook_deliveries returned no row')
  return row
}

type Claim = { perWebhook: number; leaseSeconds: number; except: readonly string[] }

/**
 * Takes due deliveries that nobody else is taking, oldest first, so many of each enabled webhook that a slow receiver holds
 * up nobody else's. As with the outbox, counting the attempt is the claim: who took it and died loses it with the lease.
 */
export async function claimDueDeliveries(db: Db, { perWebhook, leaseSeconds, except }: Claim) {
  const rows = await db.execute<ClaimedDelivery>(sql`
    with due as materialized (
      select d.id from ${webhooks} w cross join lateral (
        select id from ${webhookDeliveries}
        where webhook_id = w.id and state = 'pending' and next_attempt_at <= clock_timestamp()
        order by id limit ${perWebhook} for update skip locked
      ) d
      where w.enabled and w.id <> all (${arrayLiteral(except)}::uuid[])
    )
    update ${webhookDeliveries} d set attempts = d.attempts + 1, next_attempt_at = ${inSeconds(leaseSeconds)}
    from ${webhooks} w
    where d.id in (select id from due) and w.id = d.webhook_id
    returning d.id, w.id as "webhookId", d.event_id as "eventId", d.payload, d.attempts, w.url, w.secret`)
  // Postgres gives the identity as text.
  return rows.map((row) => ({ ...row, id: Number(row.id) })).sort((a, b) => a.id - b.id)
}

type Outcome = { status: number | null; error: string | null; durationMs: number }

export async function markDelivered(db: Db, { id: delivery, ...outcome }: Outcome & { id: number }): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ state: 'delivered', deliveredAt: sql`clock_timestamp()`, ...last(outcome) })
    .where(eq(id, delivery))
}

/** Without `retryInSeconds` it is given up. Says nothing of a delivery that somebody else has taken since. */
export async function markAttemptFailed(
  db: Db,
  failed: Outcome & { id: number; attempts: number; retryInSeconds: number | undefined },
): Promise<void> {
  const { retryInSeconds } = failed
  const next = retryInSeconds === undefined ? { state: 'failed' } : { nextAttemptAt: inSeconds(retryInSeconds) }
  await db
    .update(webhookDeliveries)
    .set({ ...next, ...last(failed) })
    .where(and(eq(id, failed.id), eq(state, 'pending'), eq(attempts, failed.attempts)))
}

/** Makes it due at once, also where it was given up; null when there is none, or it arrived. */
export async function makeDue(db: Db, { id: delivery }: { id: number }) {
  const [row] = await db
    .update(webhookDeliveries)
    .set({ state: 'pending', nextAttemptAt: sql`clock_timestamp()` })
    .where(and(eq(id, delivery), ne(state, 'delivered')))
    .returning({ webhookId, event, eventId })
  return row ?? null
}

/** Newest first. */
export async function selectDeliveries(db: Db, { limit }: { limit: number }) {
  const { createdAt, deliveredAt, lastStatus, lastError, lastDurationMs } = webhookDeliveries
  return db
    .select({
      id,
      webhook: webhooks.name,
      enabled: webhooks.enabled,
      event,
      state: sql<DeliveryState>`${state}`,
      attempts,
      createdAt,
      nextAttemptAt,
      deliveredAt,
      status: lastStatus,
      error: lastError,
      durationMs: lastDurationMs,
    })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookId))
    .orderBy(desc(id))
    .limit(limit)
}

/** Forgets at most `limit` deliveries made before then that are over; answers how many. */
export async function deleteOldDeliveries(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const old = db
    .select({ id })
    .from(webhookDeliveries)
    .where(and(lt(webhookDeliveries.createdAt, before), ne(state, 'pending')))
    .orderBy(id)
    .limit(limit)
  const rows = await db.delete(webhookDeliveries).where(inArray(id, old)).returning({ id })
  return rows.length
}

const inSeconds = (seconds: number) => sql`clock_timestamp() + interval '1 s' * ${seconds}`

const last = ({ status, error, durationMs }: Outcome) => ({
  lastStatus: status,
  lastError: error,
  lastDurationMs: Math.round(durationMs),
})

import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '@/db/postgres/client'
import { promptActivations, promptDeployments, prompts, promptVersions } from '@/db/postgres/schema/prompts'

type Name = { name: string }
type OnChannel = { name: string; channel: string }

/** False when the name is taken. */
export async function insertPrompt(
  db: Db,
  prompt: { name: string; description: string | null; createdBy: string },
): Promise<boolean> {
  const rows = await db.insert(prompts).values(prompt).onConflictDoNothing().returning({ id: prompts.id })
  return rows.length === 1
}

export async function selectPrompt(db: Db, { name }: Name) {
  const [prompt] = await db
    .select({ id: prompts.id, description: prompts.description, by: prompts.createdBy, at: prompts.createdAt })
    .from(prompts)
    .where(eq(prompts.name, name))
  return prompt ?? null
}

/** Holds the prompt until the transaction ends, so that its versions are numbered without gaps. */
export async function lockPrompt(db: Db, { name }: Name): Promise<{ id: number } | null> {
  const [prompt] = await db.select({ id: prompts.id }).from(prompts).where(eq(prompts.name, name)).for('update')
  return prompt ?? null
}

type NewVersion = Required<Omit<typeof promptVersions.$inferInsert, 'createdAt' | 'version'>>

/** Number of the newest version, and whether it says the same as `next`. */
export async function selectNewestVersion(db: Db, next: Pick<NewVersion, 'promptId' | 'content' | 'model' | 'config'>) {
  const config = JSON.stringify(next.config)
  const [newest] = await db
    .select({
      version: promptVersions.version,
      same: sql<boolean>`${promptVersions.content} = ${next.content}
        and ${promptVersions.model} is not distinct from ${next.model}
        and ${promptVersions.config} = ${config}::jsonb`,
    })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, next.promptId))
    .orderBy(desc(promptVersions.version))
    .limit(1)
  return newest ?? null
}

export async function insertVersion(db: Db, version: NewVersion & { version: number }): Promise<void> {
  await db.insert(promptVersions).values(version)
}

/** Everything an activation has to know beforehand, in one statement: null columns say what does not exist. */
export async function selectActivationTarget(db: Db, { name, channel, version }: OnChannel & { version: number }) {
  const [target] = await db
    .select({
      promptId: prompts.id,
      version: promptVersions.version,
      liveVersion: promptDeployments.version,
      liveRevision: promptDeployments.revision,
      rollbackRevision: promptActivations.rollbackRevision,
    })
    .from(prompts)
    .leftJoin(promptVersions, and(eq(promptVersions.promptId, prompts.id), eq(promptVersions.version, version)))
    .leftJoin(promptDeployments, onChannel(channel))
    .leftJoin(promptActivations, isLive())
    .where(eq(prompts.name, name))
  return target ?? null
}

/** What is live on a channel, and the revision and version that a rollback returns to, with where that one returns to. */
export async function selectRollbackTarget(db: Db, { name, channel }: OnChannel) {
  const back = alias(promptActivations, 'back')
  const [target] = await db
    .select({
      promptId: prompts.id,
      liveVersion: promptDeployments.version,
      liveRevision: promptDeployments.revision,
      toRevision: back.revision,
      toVersion: back.version,
      toRollbackRevision: back.rollbackRevision,
    })
    .from(prompts)
    .leftJoin(promptDeployments, onChannel(channel))
    .leftJoin(promptActivations, isLive())
    .leftJoin(
      back,
      and(
        eq(back.promptId, promptActivations.promptId),
        eq(back.channel, promptActivations.channel),
        eq(back.revision, promptActivations.rollbackRevision),
      ),
    )
    .where(eq(prompts.name, name))
  return target ?? null
}

const onChannel = (channel: string) =>
  and(eq(promptDeployments.promptId, prompts.id), eq(promptDeployments.channel, channel))
const isLive = () =>
  and(
    eq(promptActivations.promptId, promptDeployments.promptId),
    eq(promptActivations.channel, promptDeployments.channel),
    eq(promptActivations.revision, promptDeployments.revision),
  )

type Move = { promptId: number; channel: string; version: number; fromRevision: number | null }

/** R1: moves the pointer if it still stands at `fromRevision` (null: nowhere); null when somebody else was faster. */
export async function movePointer(db: Db, { promptId, channel, version, fromRevision }: Move) {
  const revision = (fromRevision ?? 0) + 1
  // The row lock orders concurrent moves, so this clock never goes backwards along the revisions.
  const next = { version, revision, activatedAt: sql`clock_timestamp()` }
  const moved = { revision: promptDeployments.revision, at: promptDeployments.activatedAt }
  const [row] =
    fromRevision === null
      ? await db
          .insert(promptDeployments)
          .values({ promptId, channel, ...next })
          .onConflictDoNothing()
          .returning(moved)
      : await db
          .update(promptDeployments)
          .set(next)
          .where(
            and(
              eq(promptDeployments.promptId, promptId),
              eq(promptDeployments.channel, channel),
              eq(promptDeployments.revision, fromRevision),
            ),
          )
          .returning(moved)
  return row ?? null
}

export async function insertActivation(
  db: Db,
  activation: Omit<typeof promptActivations.$inferInsert, 'id' | 'appliedAt'>,
): Promise<void> {
  await db.insert(promptActivations).values(activation)
}

/** The newest moves of a channel's pointer, newest first. */
export async function selectActivations(
  db: Db,
  { promptId, channel, limit }: { promptId: number; channel: string; limit: number },
) {
  return db
    .select({
      version: promptActivations.version,
      previousVersion: promptActivations.previousVersion,
      revision: promptActivations.revision,
      kind: promptActivations.kind,
      by: promptActivations.actorName,
      reason: promptActivations.reason,
      at: promptActivations.committedAt,
      appliedAt: promptActivations.appliedAt,
    })
    .from(promptActivations)
    .where(and(eq(promptActivations.promptId, promptId), eq(promptActivations.channel, channel)))
    .orderBy(desc(promptActivations.revision))
    .limit(limit)
}

/** What a channel serves; null where there is no such prompt, null columns where nothing was ever activated. */
export async function selectActivePrompt(db: Db, { name, channel }: OnChannel) {
  const [row] = await db
    .select({
      active: { version: promptDeployments.version, revision: promptDeployments.revision },
      content: promptVersions.content,
      model: promptVersions.model,
      config: promptVersions.config,
    })
    .from(prompts)
    .leftJoin(promptDeployments, onChannel(channel))
    .leftJoin(
      promptVersions,
      and(
        eq(promptVersions.promptId, promptDeployments.promptId),
        eq(promptVersions.version, promptDeployments.version),
      ),
    )
    .where(eq(prompts.name, name))
  return row ?? null
}

/** Where each channel of a prompt stands. */
export async function selectDeployments(db: Db, { promptId }: { promptId: number }) {
  return db
    .select({
      channel: promptDeployments.channel,
      version: promptDeployments.version,
      revision: promptDeployments.revision,
      at: promptDeployments.activatedAt,
    })
    .from(promptDeployments)
    .where(eq(promptDeployments.promptId, promptId))
    .orderBy(asc(promptDeployments.channel))
    .limit(100)
}

/** Pointers moved since then, newest first: what a cache that was cut off may not have heard of. */
export async function selectMovedSince(db: Db, { since, limit }: { since: Date; limit: number }) {
  const { channel, revision, activatedAt } = promptDeployments
  return db
    .select({ name: prompts.name, channel, revision })
    .from(promptDeployments)
    .innerJoin(prompts, eq(prompts.id, promptDeployments.promptId))
    .where(gte(activatedAt, since))
    .orderBy(desc(activatedAt))
    .limit(limit)
}

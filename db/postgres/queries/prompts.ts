import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
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

type NewVersion = Required<Omit<typeof promptVersions.$inferInsert, 'createdAt' | 'importedAt' | 'version'>>

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
      rollout: promptActivations.rollout,
      by: promptActivations.actorName,
      from: promptActivations.actorKind,
      reason: promptActivations.reason,
      at: promptActivations.committedAt,
      appliedAt: promptActivations.appliedAt,
    })
    .from(promptActivations)
    .where(and(eq(promptActivations.promptId, promptId), eq(promptActivations.channel, channel)))
    .orderBy(desc(promptActivations.revision))
    .limit(limit)
}

/**
 * What a channel serves, with the content of its version (of a rollout: the base); null where there is no such prompt,
 * null columns where nothing was ever activated.
 */
export async function selectActivePrompt(db: Db, { name, channel }: OnChannel) {
  const [row] = await db
    .select({
      promptId: prompts.id,
      active: {
        version: promptDeployments.version,
        revision: promptDeployments.revision,
        rollout: promptDeployments.rollout,
      },
      content: promptVersions.content,
      model: promptVersions.model,
      config: promptVersions.config,
    })
    .from(prompts)
    .leftJoin(
      promptDeployments,
      and(eq(promptDeployments.promptId, prompts.id), eq(promptDeployments.channel, channel)),
    )
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
      rollout: promptDeployments.rollout,
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

import { and, asc, count, desc, eq, inArray, max, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { promptActivations, promptDeployments, prompts, promptVersions } from '@/db/postgres/schema/prompts'

const ofPage = {
  id: prompts.id,
  name: prompts.name,
  description: prompts.description,
  versions: count(promptVersions.version),
  newestAt: max(promptVersions.createdAt),
}

/** The first prompts by name, and how many there are in all. */
export async function selectPromptPages(db: Db, { limit }: { limit: number }) {
  const [rows, [all]] = await Promise.all([
    db
      .select(ofPage)
      .from(prompts)
      .leftJoin(promptVersions, eq(promptVersions.promptId, prompts.id))
      .groupBy(prompts.id)
      .orderBy(asc(prompts.name))
      .limit(limit),
    db.select({ n: count() }).from(prompts),
  ])
  return { rows, total: all?.n ?? 0 }
}

/** These prompts, by name. */
export async function selectPromptPagesOf(db: Db, { promptIds }: { promptIds: readonly number[] }) {
  if (promptIds.length === 0) return []
  return db
    .select(ofPage)
    .from(prompts)
    .leftJoin(promptVersions, eq(promptVersions.promptId, prompts.id))
    .where(inArray(prompts.id, [...promptIds]))
    .groupBy(prompts.id)
    .orderBy(asc(prompts.name))
    .limit(promptIds.length)
}

const PER_PROMPT = 50

/** What each channel of these prompts serves, and who made it so. */
export async function selectLiveOf(db: Db, { promptIds }: { promptIds: readonly number[] }) {
  if (promptIds.length === 0) return []
  return db
    .select({
      promptId: promptDeployments.promptId,
      channel: promptDeployments.channel,
      version: promptDeployments.version,
      revision: promptDeployments.revision,
      rollout: promptDeployments.rollout,
      at: promptDeployments.activatedAt,
      by: promptActivations.actorName,
      kind: promptActivations.kind,
    })
    .from(promptDeployments)
    .innerJoin(
      promptActivations,
      and(
        eq(promptActivations.promptId, promptDeployments.promptId),
        eq(promptActivations.channel, promptDeployments.channel),
        eq(promptActivations.revision, promptDeployments.revision),
      ),
    )
    .where(inArray(promptDeployments.promptId, [...promptIds]))
    .orderBy(desc(promptDeployments.activatedAt))
    .limit(promptIds.length * PER_PROMPT)
}

/** Newest first, without their content. */
export async function selectVersions(db: Db, { promptId, limit }: { promptId: number; limit: number }) {
  return db
    .select({
      version: promptVersions.version,
      model: promptVersions.model,
      message: promptVersions.message,
      tokens: promptVersions.tokens,
      by: promptVersions.createdBy,
      at: promptVersions.createdAt,
      imported: sql<boolean>`${promptVersions.importedAt} is not null`,
    })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, promptId))
    .orderBy(desc(promptVersions.version))
    .limit(limit)
}

/** These versions, whole. */
export async function selectContents(
  db: Db,
  { promptId, versions }: { promptId: number; versions: readonly number[] },
) {
  return db
    .select({
      version: promptVersions.version,
      content: promptVersions.content,
      model: promptVersions.model,
      config: promptVersions.config,
      variables: promptVersions.variables,
      tokens: promptVersions.tokens,
      tokenizer: promptVersions.tokenizer,
    })
    .from(promptVersions)
    .where(and(eq(promptVersions.promptId, promptId), inArray(promptVersions.version, [...versions])))
    .orderBy(asc(promptVersions.version))
    .limit(versions.length)
}

/** One move of a pointer with the moves just before and after it, oldest first. */
export async function selectActivationAmong(
  db: Db,
  { promptId, channel, revision }: { promptId: number; channel: string; revision: number },
) {
  return db
    .select({
      revision: promptActivations.revision,
      version: promptActivations.version,
      previousVersion: promptActivations.previousVersion,
      kind: promptActivations.kind,
      rollout: promptActivations.rollout,
      at: promptActivations.committedAt,
    })
    .from(promptActivations)
    .where(
      and(
        eq(promptActivations.promptId, promptId),
        eq(promptActivations.channel, channel),
        inArray(promptActivations.revision, [revision - 1, revision, revision + 1]),
      ),
    )
    .orderBy(asc(promptActivations.revision))
    .limit(3)
}

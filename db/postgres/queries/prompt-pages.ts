import { and, asc, count, desc, eq, inArray, max, or, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { promptActivations, promptDeployments, prompts, promptVersions } from '@/db/postgres/schema/prompts'

/** `position` rather than LIKE: what people type is text, not a pattern. */
const holds = (search: string) => {
  const needle = search.toLowerCase()
  const newest = sql`(select ${promptVersions.content} from ${promptVersions}
    where ${promptVersions.promptId} = ${prompts.id} order by ${promptVersions.version} desc limit 1)`
  return needle === ''
    ? undefined
    : or(
        sql`position(${needle} in lower(${prompts.name})) > 0`,
        sql`position(${needle} in lower(coalesce(${prompts.description}, ''))) > 0`,
        sql`position(${needle} in lower(${newest})) > 0`,
      )
}

/** Prompts whose name, description or newest content holds the text, by name, and how many there are in all. */
export async function searchPromptPages(db: Db, { search, limit }: { search: string; limit: number }) {
  const where = holds(search)
  const [rows, [all]] = await Promise.all([
    db
      .select({
        id: prompts.id,
        name: prompts.name,
        description: prompts.description,
        versions: count(promptVersions.version),
        newestAt: max(promptVersions.createdAt),
      })
      .from(prompts)
      .leftJoin(promptVersions, eq(promptVersions.promptId, prompts.id))
      .where(where)
      .groupBy(prompts.id)
      .orderBy(asc(prompts.name))
      .limit(limit),
    db.select({ n: count() }).from(prompts).where(where),
  ])
  return { rows, total: all?.n ?? 0 }
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
      by: promptVersions.createdBy,
      at: promptVersions.createdAt,
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

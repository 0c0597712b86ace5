import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { promptChannels } from '@/db/postgres/schema/approvals'
import { promptActivations, promptDeployments, prompts, promptVersions } from '@/db/postgres/schema/prompts'

type Prompt = { promptId: number }
type Limited = Prompt & { limit: number }

/** Bytes of all contents, told without reading them. */
export async function bytesOfContents(db: Db, { promptId }: Prompt): Promise<number> {
  const [row] = await db
    .select({ bytes: sql<string>`coalesce(sum(octet_length(${promptVersions.content})), 0)` })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, promptId))
  return Number(row?.bytes ?? 0)
}

/** Every version, whole, oldest first. */
export async function selectWholeVersions(db: Db, { promptId, limit }: Limited) {
  return db
    .select({
      version: promptVersions.version,
      content: promptVersions.content,
      model: promptVersions.model,
      config: promptVersions.config,
      message: promptVersions.message,
      tokens: promptVersions.tokens,
      tokenizer: promptVersions.tokenizer,
      by: promptVersions.createdBy,
      at: promptVersions.createdAt,
    })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, promptId))
    .orderBy(asc(promptVersions.version))
    .limit(limit)
}

/** Every move of every channel's pointer, by channel, oldest first. */
export async function selectWholeHistory(db: Db, { promptId, limit }: Limited) {
  return db
    .select({
      channel: promptActivations.channel,
      revision: promptActivations.revision,
      version: promptActivations.version,
      previousVersion: promptActivations.previousVersion,
      rollbackRevision: promptActivations.rollbackRevision,
      kind: promptActivations.kind,
      rollout: promptActivations.rollout,
      byKind: promptActivations.actorKind,
      by: promptActivations.actorName,
      reason: promptActivations.reason,
      at: promptActivations.committedAt,
      appliedAt: promptActivations.appliedAt,
    })
    .from(promptActivations)
    .where(eq(promptActivations.promptId, promptId))
    .orderBy(asc(promptActivations.channel), asc(promptActivations.revision))
    .limit(limit)
}

/** What tells whether two versions say the same; `digest` is the SHA-256 of the content in UTF-8, in hex. */
export async function selectVersionDigests(db: Db, { promptId, limit }: Limited) {
  return db
    .select({
      version: promptVersions.version,
      digest: sql<string>`encode(sha256(convert_to(${promptVersions.content}, 'UTF8')), 'hex')`,
      model: promptVersions.model,
      config: promptVersions.config,
    })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, promptId))
    .orderBy(asc(promptVersions.version))
    .limit(limit)
}

/** Null when the name is taken. */
export async function insertPromptAsOf(
  tx: Transaction,
  prompt: { name: string; description: string | null; createdBy: string; createdAt: Date },
): Promise<number | null> {
  const [row] = await tx.insert(prompts).values(prompt).onConflictDoNothing().returning({ id: prompts.id })
  return row?.id ?? null
}

const ROWS_PER_STATEMENT = 100

async function inParts<T>(rows: readonly T[], insert: (part: T[]) => PromiseLike<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) await insert(rows.slice(at, at + ROWS_PER_STATEMENT))
}

export const insertVersions = (tx: Transaction, rows: readonly (typeof promptVersions.$inferInsert)[]) =>
  inParts(rows, (part) => tx.insert(promptVersions).values(part))

export const insertActivations = (tx: Transaction, rows: readonly (typeof promptActivations.$inferInsert)[]) =>
  inParts(rows, (part) => tx.insert(promptActivations).values(part))

export const insertPointers = (tx: Transaction, rows: readonly (typeof promptDeployments.$inferInsert)[]) =>
  inParts(rows, (part) => tx.insert(promptDeployments).values(part))

/** Of these channels those that need a second person. */
export async function channelsNeedingApproval(db: Db, channels: readonly string[]): Promise<string[]> {
  if (channels.length === 0) return []
  const rows = await db
    .select({ name: promptChannels.name })
    .from(promptChannels)
    .where(and(inArray(promptChannels.name, [...channels]), eq(promptChannels.requiresApproval, true)))
    .orderBy(asc(promptChannels.name))
    .limit(channels.length)
  return rows.map(({ name }) => name)
}

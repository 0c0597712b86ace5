import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '@/db/postgres/client'
import {
  promptActivations,
  promptDeployments,
  prompts,
  promptVersions,
  type Rollout,
} from '@/db/postgres/schema/prompts'

/**
 * Where a channel's pointer stands and the move that a rollback from there returns to; null without such a prompt, null
 * parts where nothing was activated yet or nothing was live before.
 */
export async function selectPointer(db: Db, { name, channel }: { name: string; channel: string }) {
  const back = alias(promptActivations, 'back')
  const { promptId, version, revision, rollout, rollbackRevision } = promptActivations
  const [pointer] = await db
    .select({
      promptId: prompts.id,
      live: { version, revision, rollout, rollbackRevision },
      back: { version: back.version, revision: back.revision, rollbackRevision: back.rollbackRevision },
    })
    .from(prompts)
    .leftJoin(
      promptDeployments,
      and(eq(promptDeployments.promptId, prompts.id), eq(promptDeployments.channel, channel)),
    )
    .leftJoin(
      promptActivations,
      and(
        eq(promptId, promptDeployments.promptId),
        eq(promptActivations.channel, promptDeployments.channel),
        eq(revision, promptDeployments.revision),
      ),
    )
    .leftJoin(
      back,
      and(
        eq(back.promptId, promptId),
        eq(back.channel, promptActivations.channel),
        eq(back.revision, rollbackRevision),
      ),
    )
    .where(eq(prompts.name, name))
  return pointer ?? null
}

/** Which of these versions there are. */
export async function selectExisting(
  db: Db,
  { promptId, versions }: { promptId: number; versions: readonly number[] },
): Promise<number[]> {
  const rows = await db
    .select({ version: promptVersions.version })
    .from(promptVersions)
    .where(and(eq(promptVersions.promptId, promptId), inArray(promptVersions.version, [...versions])))
    .orderBy(asc(promptVersions.version))
    .limit(versions.length)
  return rows.map(({ version }) => version)
}

type Move = {
  promptId: number
  channel: string
  version: number
  rollout: Rollout | null
  fromRevision: number | null
}

/** R1: moves the pointer if it still stands at `fromRevision` (null: nowhere); null when somebody else was faster. */
export async function movePointer(db: Db, { promptId, channel, version, rollout, fromRevision }: Move) {
  const revision = (fromRevision ?? 0) + 1
  // The row lock orders concurrent moves, so this clock never goes backwards along the revisions.
  const next = { version, revision, rollout, activatedAt: sql`clock_timestamp()` }
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

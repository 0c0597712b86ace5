import { and, asc, desc, eq, gte, lt, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '@/db/postgres/client'
import { promptActivations, promptDeployments, prompts, promptVersions } from '@/db/postgres/schema/prompts'
import { arrayLiteral } from './array-literal'

type At = { channel: string; at: Date; prompt?: string }

/**
 * Instants are told in milliseconds and kept in microseconds: what was committed within the millisecond `at` was live at
 * it, so that an activation's own `committedAt` finds the activation.
 */
const endOf = (at: Date) => new Date(at.getTime() + 1)
const { committedAt, revision } = promptActivations

const movesUntil = ({ channel, at }: At) =>
  and(eq(promptActivations.promptId, prompts.id), eq(promptActivations.channel, channel), lt(committedAt, endOf(at)))
const named = (prompt: string | undefined) => (prompt === undefined ? undefined : eq(prompts.name, prompt))

const by = { kind: promptActivations.kind, by: promptActivations.actorName, reason: promptActivations.reason }

/**
 * What a channel served at an instant, one row per prompt with something live: the move that made it so, and the move that
 * ended it. Prompts of `first` come first, in that order; `total` counts all.
 */
export async function selectLiveAt(db: Db, { first, limit, ...at }: At & { first: readonly string[]; limit: number }) {
  const next = alias(promptActivations, 'next')
  const live = db
    .select({
      revision,
      version: promptActivations.version,
      rollout: promptActivations.rollout,
      since: committedAt,
      ...by,
    })
    .from(promptActivations)
    .where(movesUntil(at))
    .orderBy(desc(committedAt), desc(revision))
    .limit(1)
    .as('live')
  return db
    .select({
      promptId: prompts.id,
      name: prompts.name,
      revision: live.revision,
      version: live.version,
      rollout: live.rollout,
      since: live.since,
      kind: live.kind,
      by: live.by,
      reason: live.reason,
      until: { at: next.committedAt, version: next.version, kind: next.kind, by: next.actorName },
      total: sql`count(*) over ()`.mapWith(Number),
    })
    .from(prompts)
    .crossJoinLateral(live)
    .leftJoin(
      next,
      and(eq(next.promptId, prompts.id), eq(next.channel, at.channel), eq(next.revision, sql`${live.revision} + 1`)),
    )
    .where(named(at.prompt))
    .orderBy(sql`array_position(${arrayLiteral(first)}::text[], ${prompts.name})`, asc(prompts.name))
    .limit(limit)
}

/** Prompts of which the channel served nothing at the instant, with when that began later, if it did; by name. */
export async function selectNotLiveAt(db: Db, { limit, ...at }: At & { limit: number }) {
  const served = db.select({ revision }).from(promptActivations).where(movesUntil(at))
  const began = db
    .select({ at: committedAt })
    .from(promptActivations)
    .where(and(eq(promptActivations.promptId, prompts.id), eq(promptActivations.channel, at.channel), eq(revision, 1)))
  return db
    .select({
      name: prompts.name,
      createdAt: prompts.createdAt,
      firstLiveAt: sql`(${began})`.mapWith(committedAt),
      total: sql`count(*) over ()`.mapWith(Number),
    })
    .from(prompts)
    .where(and(notExists(served), named(at.prompt)))
    .orderBy(asc(prompts.name))
    .limit(limit)
}

/** The first move of the channel ever, the newest before the instant and the first after it; null where there is none. */
export async function selectMovesAround(db: Db, { channel, at, prompt }: At) {
  const move = (when: ReturnType<typeof lt> | undefined, order: ReturnType<typeof asc>) =>
    db
      .select({ at: committedAt })
      .from(promptActivations)
      .innerJoin(prompts, eq(prompts.id, promptActivations.promptId))
      .where(and(eq(promptActivations.channel, channel), named(prompt), when))
      .orderBy(order)
      .limit(1)
  const [[first], [before], [after]] = await Promise.all([
    move(undefined, asc(committedAt)),
    move(lt(committedAt, at), desc(committedAt)),
    move(gte(committedAt, endOf(at)), asc(committedAt)),
  ])
  return { first: first?.at ?? null, before: before?.at ?? null, after: after?.at ?? null }
}

/** Contents are told in this order until they are this many bytes together; of the others only their size. */
const MOST_BYTES = 1_000_000

export type VersionText = {
  promptId: number
  version: number
  model: string | null
  config: Record<string, unknown>
  bytes: number
  content: string | null
}

export async function selectTextsOf(
  db: Db,
  wanted: readonly { promptId: number; version: number }[],
): Promise<VersionText[]> {
  const column = (key: 'promptId' | 'version') => sql`${arrayLiteral(wanted.map((row) => row[key]))}::int[]`
  const bytes = sql`octet_length(${promptVersions.content})`
  return db
    .select({
      promptId: promptVersions.promptId,
      version: promptVersions.version,
      model: promptVersions.model,
      config: promptVersions.config,
      bytes: bytes.mapWith(Number),
      content: sql<string | null>`case when sum(${bytes}) over (order by wanted.place) - ${bytes} < ${MOST_BYTES}
        then ${promptVersions.content} end`,
    })
    .from(promptVersions)
    .innerJoin(
      sql`unnest(${column('promptId')}, ${column('version')}) with ordinality as wanted (prompt_id, version, place)`,
      sql`wanted.prompt_id = ${promptVersions.promptId} and wanted.version = ${promptVersions.version}`,
    )
    .orderBy(sql`wanted.place`)
    .limit(wanted.length)
}

/** The channels that serve something, `production` or not; by name. */
export async function selectChannels(db: Db, { limit }: { limit: number }): Promise<string[]> {
  const rows = await db
    .selectDistinct({ channel: promptDeployments.channel })
    .from(promptDeployments)
    .orderBy(asc(promptDeployments.channel))
    .limit(limit)
  return rows.map(({ channel }) => channel)
}

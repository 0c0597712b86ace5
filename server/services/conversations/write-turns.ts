import { z } from 'zod'
import { beginWritingTurns, insertMessages, type NewMessage } from '@/db/postgres/queries/written-turns'
import { sessionShards } from '@/db/redis/keys'
import { anyTurnWaits, dropWaitingTurns, readWaitingTurns, type WaitingTurn } from '@/db/redis/waiting-turns'
import { logInfo } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { turn as turnSchema } from '@/server/services/sessions/sessions.schema'
import { tenantSlug, text } from '@/server/services/text.schema'

const MOST_ROUNDS = 50
/** Of all shards together, in one transaction. */
const MOST_TURNS = 1_000

const waiting = z.object({
  tenant: tenantSlug,
  id: text(200),
  user: text(200),
  begun: z.coerce.number().int().positive(),
  ordinal: z.coerce.number().int().positive(),
  turn: z.string(),
})

/**
 * Writes the turns that wait in Redis to Postgres, oldest first, until none is left; how many were new there. They are
 * forgotten in Redis only after the commit, and written again without effect when this process dies in between. One shard
 * that cannot be read does not hold up the others. Safe to run twice at once.
 */
export async function writeTurns({ db, redis }: Stores): Promise<number> {
  const broken: unknown[] = []
  let written = 0
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shards = await withTurns(redis, broken)
    if (shards.length === 0) break
    const taken = await db.transaction(async (tx) => {
      await beginWritingTurns(tx)
      const found = await readShards(redis, shards, broken)
      const messages = found.flatMap((one) => messageOf(one) ?? [])
      if (messages.length > 0) written += await insertMessages(tx, messages)
      return found
    })
    await dropWaitingTurns(redis, taken)
    if (taken.length === 0) break
  }
  if (broken.length > 0) throw broken[0]
  return written
}

async function withTurns(redis: Stores['redis'], broken: unknown[]): Promise<number[]> {
  const asked = await Promise.allSettled(sessionShards.map((shard) => anyTurnWaits(redis, shard)))
  return sessionShards.filter((shard) => {
    const answer = asked[shard]
    if (answer?.status === 'rejected') broken.push(answer.reason)
    return answer?.status === 'fulfilled' && answer.value
  })
}

async function readShards(redis: Stores['redis'], shards: number[], broken: unknown[]): Promise<WaitingTurn[]> {
  const limit = Math.ceil(MOST_TURNS / shards.length)
  const read = await Promise.allSettled(shards.map((shard) => readWaitingTurns(redis, shard, { limit })))
  return read.flatMap((one) => {
    if (one.status === 'fulfilled') return one.value
    broken.push(one.reason)
    return []
  })
}

/** Null for what another program put there: it is named in the log and dropped, or it would be read for ever. */
function messageOf({ entry, fields }: WaitingTurn): NewMessage | null {
  const found = waiting.safeParse(fields)
  const said = found.success ? turnSchema.safeParse(parsed(found.data.turn)) : null
  if (!found.success || !said?.success) {
    const wrong = (found.success ? said?.error : found.error)?.issues.map(({ path }) => path.join('.') || 'turn')
    logInfo('not a turn of ours: dropped', { entry, id: fields.id?.slice(0, 200), wrong })
    return null
  }
  const { tenant, id, user, begun, ordinal } = found.data
  const { role, content, at, usageId } = said.data
  return { tenant, conversation: id, user, begun, ordinal, role, content, at: new Date(at), usageId: usageId ?? null }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // The schema refuses it by name.
  }
}

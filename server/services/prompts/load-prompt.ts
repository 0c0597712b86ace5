import { selectContents } from '@/db/postgres/queries/prompt-pages'
import { selectActivePrompt } from '@/db/postgres/queries/prompts'
import type { Rollout } from '@/db/postgres/schema/prompts'
import { captureFence, fillPrompt, readCachedPrompt } from '@/db/redis/prompts'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { isSettled, redisInTime } from '@/server/services/redis-in-time'
import type { PromptOnChannel } from './prompts.schema'
import { channelFromEntry, servedChannel, type ServedChannel } from './served-channel'
import { nothingActive, unknownPrompt } from './unknown'

/** What a read may wait for Redis, so that with Postgres' answer after it R5's 150 ms are kept. */
const LOOKUP_MS = 60
const FENCE_MS = 40

/** The shared cache's entry; null on a miss, and when Redis is gone, slow or only just back. */
export async function promptFromRedis(
  { redis }: Stores,
  key: PromptOnChannel,
  lookups?: Pick<LookupCounter, 'note'>,
): Promise<ServedChannel | null> {
  if (!isSettled(redis)) return null
  const entry = await redisInTime(LOOKUP_MS, redis, async () => {
    const found = await readCachedPrompt(redis, key)
    lookups?.note('prompts', found !== null)
    return found
  })
  return entry === null ? null : channelFromEntry(entry)
}

/**
 * The truth. Fills the shared cache with it, under the token captured before the read: the fence refuses a fill that an
 * activation overtook (R4). @throws AppError `not_found` that says what is missing.
 */
export async function promptFromPostgres({ db, redis }: Stores, key: PromptOnChannel): Promise<ServedChannel> {
  const token = await redisInTime(FENCE_MS, redis, () => captureFence(redis, key))
  const row = await selectActivePrompt(db, key)
  if (!row) throw unknownPrompt(key.name)
  if (!row.active || row.content === null || row.config === null) throw nothingActive(key.name, key.channel)
  const { promptId, content, model, config } = row
  const { version, revision, rollout } = row.active
  const served = servedChannel({
    ...key,
    ...{ version, revision, content, model, config },
    rollout: rollout && (await withContents({ db }, promptId, rollout)),
  })
  // Nobody waits for the fill, and one that fails only leaves a miss to the next read.
  if (token !== null) fillPrompt(redis, key, { token, value: served.whole().json }).catch(() => false)
  return served
}

/** A second statement may see a later moment than the first: versions never change (R2), so it cannot matter. */
async function withContents({ db }: Pick<Stores, 'db'>, promptId: number, { salt, arms }: Rollout) {
  const contents = await selectContents(db, { promptId, versions: arms.map(({ version }) => version) })
  const texts = new Map(contents.map(({ version, content, model, config }) => [version, { content, model, config }]))
  return {
    salt,
    arms: arms.map((arm) => {
      const text = texts.get(arm.version)
      if (!text) throw new Error(`a rollout serves version ${arm.version}, which does not exist`)
      return { ...arm, ...text }
    }),
  }
}

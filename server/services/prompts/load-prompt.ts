import { selectActivePrompt } from '@/db/postgres/queries/prompts'
import { captureFence, fillPrompt, readCachedPrompt } from '@/db/redis/prompts'
import type { Stores } from '@/server/services/context'
import type { ActivePrompt, PromptOnChannel } from './prompts.schema'
import { nothingActive, unknownPrompt } from './unknown'

/** An active prompt together with what the gateway sends of it, made once. */
export type ServedPrompt = { prompt: ActivePrompt; json: string; etag: string }

/** What a read may wait for Redis, so that with Postgres' answer after it R5's 150 ms are kept. */
const LOOKUP_MS = 60
const FENCE_MS = 40
/** After an outage Redis is not believed for this long: activations meanwhile are being told to it, and fills repair it. */
const SETTLE_MS = 1_000

/** The shared cache's entry; null on a miss, and when Redis is gone, slow or only just back. */
export async function promptFromRedis({ redis }: Stores, key: PromptOnChannel): Promise<ServedPrompt | null> {
  const upSince = redis.upSince()
  if (upSince === null || performance.now() - upSince < SETTLE_MS) return null
  const json = await within(LOOKUP_MS, redis, () => readCachedPrompt(redis, key))
  return json === null ? null : served(json)
}

/**
 * The truth. Fills the shared cache with it, under the token captured before the read: the fence refuses a fill that an
 * activation overtook (R4). @throws AppError `not_found` that says what is missing.
 */
export async function promptFromPostgres({ db, redis }: Stores, key: PromptOnChannel): Promise<ServedPrompt> {
  const token = await within(FENCE_MS, redis, () => captureFence(redis, key))
  const row = await selectActivePrompt(db, key)
  if (!row) throw unknownPrompt(key.name)
  if (!row.active || row.content === null || row.config === null) throw nothingActive(key.name, key.channel)
  const prompt: ActivePrompt = { ...key, ...row.active, content: row.content, model: row.model, config: row.config }
  const json = JSON.stringify(prompt)
  // Nobody waits for the fill, and one that fails only leaves a miss to the next read.
  if (token !== null) fillPrompt(redis, key, { token, value: json }).catch(() => false)
  return { prompt, json, etag: etagOf(prompt) }
}

/** Null for an entry that is none of ours: the next fill replaces it. */
function served(json: string): ServedPrompt | null {
  try {
    const prompt = JSON.parse(json) as ActivePrompt
    return typeof prompt.revision === 'number' ? { prompt, json, etag: etagOf(prompt) } : null
  } catch {
    return null
  }
}

const etagOf = ({ revision, version }: ActivePrompt) => `"r${revision}-v${version}"`

/** Null when Redis is not asked, fails, or takes longer than a read may wait: Postgres answers then (R5). */
async function within<T>(ms: number, redis: Stores['redis'], ask: () => Promise<T>): Promise<T | null> {
  if (!redis.healthy()) return null
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)))
  try {
    return await Promise.race([ask(), late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

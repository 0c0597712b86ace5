import { countKeys, walkKeys } from '@/db/redis/key-scan'
import type { Stores } from '@/server/services/context'
import { patternRefused } from './delete-pattern'
import { isEngrams } from './key-family'
import { askRedis, redisOf } from './redis-of'
import type { PreviewDelete } from './redis-keys.schema'
import { begunAnew } from './scan-keys'

const BUDGET_MS = 400
const SAMPLED = 8
const SAMPLE_BYTES = 300

/** One step of counting what a deletion by pattern would take: the caller asks for the next one. Nothing is changed. */
export async function previewDelete(stores: Stores, input: PreviewDelete) {
  const pattern = Buffer.from(input.pattern, 'base64url')
  const refused = patternRefused(input.connection, pattern)
  const nothing = { refused, matched: 0, spared: 0, sample: [] as string[], looked: 0, total: 0, next: null }
  if (refused) return nothing
  const opened = await redisOf(stores, input.connection)
  return askRedis(opened, async () => {
    const total = await countKeys(opened.redis)
    const mine = new Set<string>()
    const spared = new Set<string>()
    const until = performance.now() + BUDGET_MS
    let [looked, next] = [0, input.cursor]
    for await (const batch of walkKeys(opened.redis, { pattern, cursor: input.cursor })) {
      for (const { name } of batch.keys) (isEngrams(name) ? spared : mine).add(name.toString('latin1'))
      looked += batch.looked
      next = batch.cursor
      if (performance.now() >= until) break
    }
    const sample = [...mine].slice(0, SAMPLED).map((name) => Buffer.from(name, 'latin1'))
    return {
      ...{ refused, matched: mine.size, spared: spared.size, looked, total, next },
      sample: sample.map((name) => name.subarray(0, SAMPLE_BYTES).toString('base64url')),
    }
  }).catch(begunAnew)
}

import { LostPlaceError, scanStep } from '@/db/redis/key-scan'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { familyNameOf } from './key-family'
import { askRedis, redisOf } from './redis-of'
import type { ScanKeys } from './redis-keys.schema'

/** What one step may take and bring: the caller asks for the next one. */
const BUDGET_MS = 250
const MOST_KEYS = 1_000
const MOST_NAME_BYTES = 1024 * 1024

/** One step of a walk through the keys that match a pattern, and how far it has come. */
export async function scanKeys(stores: Stores, input: ScanKeys) {
  const opened = await redisOf(stores, input.connection)
  const pattern = Buffer.from(input.pattern, 'base64url')
  const step = await askRedis(opened, () =>
    scanStep(opened.redis, {
      ...{ pattern, type: input.type, cursor: input.cursor },
      ...{ budgetMs: BUDGET_MS, mostKeys: MOST_KEYS, mostBytes: MOST_NAME_BYTES },
    }),
  ).catch(begunAnew)
  return {
    keys: step.keys.map(({ name, type }) => ({ key: name.toString('base64url'), type, family: familyNameOf(name) })),
    next: step.cursor,
    looked: step.looked,
    total: step.total,
    asOf: new Date().toISOString(),
  }
}
export type ScannedKeys = Awaited<ReturnType<typeof scanKeys>>

export function begunAnew(error: unknown): never {
  if (error instanceof LostPlaceError)
    throw new AppError('conflict', 'The nodes of this cluster changed meanwhile: begin again.', { field: 'cursor' })
  throw error
}

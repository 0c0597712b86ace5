import { type KeyFamily, selectKeyFamilies } from '@/db/postgres/queries/key-families'
import { AppError } from '@/server/errors'
import { noSuchFamily, ownedBy } from '@/server/services/cache/census/owned-by'
import type { Stores } from '@/server/services/context'
import { type OpenedRedis, redisOf } from '@/server/services/redis-keys/redis-of'

export type SessionFamily = Pick<KeyFamily, 'name' | 'pattern' | 'decode' | 'userAt'> & {
  /** Whether a key is one of its own: Engram's are not, nor those that a longer pattern claims. */
  owns: (key: Buffer) => boolean
}

/** A declared family of sessions, and the Redis to look for it in. @throws AppError `not_found`, or what is wrong with Redis */
export async function openFamily(
  stores: Stores,
  { connection, family }: { connection: string; family: string },
): Promise<{ opened: OpenedRedis; family: SessionFamily }> {
  const declared = await selectKeyFamilies(stores.db)
  const found = declared.find(({ name, kind }) => name === family && kind === 'session')
  if (!found) throw noSuchFamily('sessions')
  return { opened: await redisOf(stores, connection), family: { ...found, owns: ownedBy(declared, family) } }
}

/** @throws AppError `forbidden` where nobody allowed changes */
export function requireWritable({ name, writable }: OpenedRedis): void {
  if (!writable) throw new AppError('forbidden', `${name} is read-only here until an admin allows changes.`)
}

import { deleteAnswer } from '@/db/redis/cache'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import type { EntryKey } from './entries.schema'

/** Says whether there was an answer to forget. @throws AppError `unavailable` without Redis. */
export async function deleteEntry({ redis }: Pick<Stores, 'redis'>, key: EntryKey): Promise<{ deleted: boolean }> {
  return { deleted: await redisTruth(redis, () => deleteAnswer(redis, key)) }
}

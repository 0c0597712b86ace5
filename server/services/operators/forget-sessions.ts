import { operatorStorage } from '@/db/redis/operators'
import type { Stores } from '@/server/services/context'

/**
 * Drops Redis' copies of sessions. Best effort: every request asks Postgres first, and a copy is only believed while
 * Postgres does not answer.
 */
export async function forgetSessions({ redis }: Pick<Stores, 'redis'>, tokens: string[]): Promise<void> {
  const storage = operatorStorage(redis)
  await Promise.all(tokens.map((token) => storage.delete(token)))
}

import type { Stores } from '@/server/services/context'
import * as conversations from '@/server/services/conversations/write-turns'

export const WRITE_TURNS_EVERY_MS = 250

/** Writes turns behind, at most a second after they were acknowledged; while Redis is away there is nothing to read. */
export async function writeTurns(stores: Stores): Promise<number> {
  return stores.redis.healthy() ? conversations.writeTurns(stores) : 0
}

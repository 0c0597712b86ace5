import type { Stores } from '@/server/services/context'
import * as sessions from '@/server/services/sessions/check-sessions'

export const CHECK_SESSIONS_EVERY_MS = 5 * 60_000

/** Holds the index of live sessions against the sessions; also right at the start, as soon as Redis answers. */
export async function checkSessions(stores: Stores): Promise<void> {
  await stores.redis.ready()
  await sessions.checkSessions(stores)
}

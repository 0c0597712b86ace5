import { deleteExpiredSessions } from '@/db/postgres/queries/table-session-lists'
import { dropExpiredSessions } from '@/db/redis/live-sessions'
import type { Stores } from '@/server/services/context'

const ROWS_PER_STEP = 2_000
const IDS_PER_STEP = 500
/** A run ends here and goes on at its next turn: 50,000 sessions of each shard. */
const STEPS_PER_RUN = 100

/** Drops the ids of expired sessions from the index of live ones, in steps that Redis does not feel (R8). */
export async function expireSessions({ redis }: Pick<Stores, 'redis'>, now = Date.now()): Promise<number> {
  if (!redis.healthy()) return 0
  let gone = 0
  for (let step = 0; step < STEPS_PER_RUN; step++) {
    const { dropped, most } = await dropExpiredSessions(redis, now, IDS_PER_STEP)
    gone += dropped
    if (most < IDS_PER_STEP) break
  }
  return gone
}

/** Drops sessions of the table that have expired (reads pass them over at once), and those that were logged out, in steps. */
export async function expireTableSessions({ db }: Pick<Stores, 'db'>): Promise<void> {
  while ((await deleteExpiredSessions(db, ROWS_PER_STEP)) > 0);
}

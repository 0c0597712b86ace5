import { and, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { redisSamples } from '@/db/postgres/schema/cache'

export type RedisSample = typeof redisSamples.$inferInsert

/**
 * Adds samples. Of two workers that read at the same tick the first wins, unless only the second knows what
 * changed since its reading before.
 */
export async function insertRedisSamples(db: Db, samples: RedisSample[]): Promise<void> {
  if (samples.length === 0) return
  await db
    .insert(redisSamples)
    .values(samples)
    .onConflictDoUpdate({
      target: redisSamples.at,
      set: {
        seconds: sql`excluded.seconds`,
        keyspaceHits: sql`excluded.keyspace_hits`,
        keyspaceMisses: sql`excluded.keyspace_misses`,
        commands: sql`excluded.commands`,
        evictedKeys: sql`excluded.evicted_keys`,
        expiredKeys: sql`excluded.expired_keys`,
        commandUsec: sql`excluded.command_usec`,
      },
      setWhere: sql`${redisSamples.seconds} is null and excluded.seconds is not null`,
    })
}

/** Deletes at most `limit` samples older than `before`, oldest first, and says how many went. */
export async function deleteRedisSamples(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const oldest = db
    .select({ at: redisSamples.at })
    .from(redisSamples)
    .where(lt(redisSamples.at, before))
    .orderBy(redisSamples.at)
    .limit(limit)
  const gone = await db.delete(redisSamples).where(inArray(redisSamples.at, oldest)).returning({ at: redisSamples.at })
  return gone.length
}

/** The samples themselves, oldest first; at most an hour's worth. */
export function redisSamplesBetween(db: Db, { from, to }: { from: Date; to: Date }) {
  return db
    .select()
    .from(redisSamples)
    .where(and(gte(redisSamples.at, from), lt(redisSamples.at, to)))
    .orderBy(redisSamples.at)
    .limit(720)
}

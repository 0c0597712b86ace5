import { selectPulse } from '@/db/postgres/queries/processes'
import type { Stores } from '@/server/services/context'
import { postgresShareReader } from './postgres-share'

type Known = Awaited<ReturnType<typeof selectPulse>>

/** Longer than this, and Postgres counts as not answering: pages shall say so rather than wait. */
const PATIENCE_MS = 1_500

/** Reads the pulse; remembers since when Postgres has been down and what was last known of it. */
export function pulseReader({ db, redis }: Stores) {
  let down: number | null = null
  let known: Known | null = null
  let postgresShare: number | null = null
  const readShare = postgresShareReader(db)

  const ask = async () => {
    const pulse = await selectPulse(db)
    const { ownMsPerSecond, postgresMsPerSecond } = pulse
    postgresShare = await readShare({ ownMs: ownMsPerSecond.postgres ?? 0, allMs: postgresMsPerSecond ?? 0 })
    return pulse
  }

  return async function readPulse() {
    const started = performance.now()
    const answer = await Promise.race([
      ask().catch(() => null),
      new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref()),
    ])
    const latencyMs = performance.now() - started
    down = answer ? null : (down ?? Date.now())
    known = answer ?? known
    const redisDown = redis.downSince()
    return {
      at: new Date().toISOString(),
      redis: { up: redisDown === null, downSince: iso(redisDown), version: known?.redisVersion ?? null },
      postgres: { up: down === null, downSince: iso(down), latencyMs: answer ? latencyMs : null },
      newestSampleAt: known?.newestSampleAt ?? null,
      newestActivationId: known?.newestActivationId ?? null,
      simulated: known?.simulated ?? false,
      nav: { hitRate: hitRate(known), prompts: known?.prompts ?? null },
      own: {
        // Time spent on waiting for a store that is down is no share of its work.
        redisShare: redisDown === null ? share(known?.ownMsPerSecond.redis) : null,
        postgresShare: down === null ? postgresShare : null,
      },
    }
  }
}

export type Pulse = Awaited<ReturnType<ReturnType<typeof pulseReader>>>

const iso = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs).toISOString())

/** Hits per look-up over the last minute of samples; null where there were none. */
function hitRate(known: Known | null): number | null {
  const { keyspaceHits: hits, keyspaceMisses: misses } = known ?? {}
  return hits != null && misses != null && hits + misses > 0 ? hits / (hits + misses) : null
}

/** Milliseconds per second as a share of one second, 0 to 1 and above. */
const share = (milliseconds: number | null | undefined) => (milliseconds == null ? null : milliseconds / 1000)

import { logError } from '@/server/log'
import { renewTenants } from '@/server/services/tenants/ensure-tenants'
import type { Job } from '@/server/worker/schedule'
import type { Services } from './services'

/** What a gateway does beside answering: it writes down what it only counted so far. */
export const gatewayJobs = ({
  stores,
  keyUses,
  lookups,
  activity,
  keeper,
  limitCounts,
  kvCounts,
  sdks,
  confirmations,
}: Services): Job[] => [
  { name: 'confirm prompts', everyMs: 20, run: confirmations.flush },
  { name: 'report SDKs', everyMs: 50, run: sdks.flush },
  { name: 'flush look-ups', everyMs: 1_000, run: lookups.flush },
  { name: 'flush limits', everyMs: 1_000, run: limitCounts.flush },
  { name: 'flush kv counts', everyMs: 1_000, run: kvCounts.flush },
  { name: 'flush activity of memory', everyMs: 1_000, run: activity.flush },
  { name: 'keep searches', everyMs: 1_000, run: keeper.flush },
  { name: 'renew tenants', everyMs: 1_000, run: () => renewTenants(stores) },
  { name: 'flush uses of keys', everyMs: 2_000, run: keyUses.flush },
]

const ATTEMPTS = 5
const PAUSE_MS = 500

/** The last flush of each. Postgres may be restarting at the same moment: it gets a few seconds. */
export async function flushAll(services: Services): Promise<void> {
  await Promise.all(gatewayJobs(services).map(flushAtLast))
}

async function flushAtLast({ name, run }: Job): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run()
      return
    } catch (error) {
      if (attempt === ATTEMPTS) return logError('last flush failed, its counts are lost', error, { job: name })
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

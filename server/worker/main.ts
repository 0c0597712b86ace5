import { logError, logInfo } from '@/server/log'
import { connectStores } from '@/server/services/stores'
import { expireSessions } from './jobs/expire-sessions'
import { pruneSamples } from './jobs/prune-samples'
import { redisSampler, SAMPLE_EVERY_MS } from './jobs/sample-redis'
import { type Job, startSchedule } from './schedule'

const HOUR_MS = 3_600_000

/** The worker: everything that happens without being asked. Several may run; each job is safe to run twice. */
const stores = connectStores('worker')
const jobs: Job[] = [
  { name: 'sample-redis', everyMs: SAMPLE_EVERY_MS, run: redisSampler(stores) },
  { name: 'prune-samples', everyMs: HOUR_MS, run: () => pruneSamples(stores) },
  { name: 'expire-sessions', everyMs: 10_000, run: () => expireSessions(stores) },
]
const schedule = startSchedule(jobs)
logInfo('worker started', { jobs: jobs.map((job) => job.name) })

async function stop() {
  try {
    await schedule.stop()
    await stores.close()
    logInfo('worker stopped')
    process.exit(0)
  } catch (error) {
    logError('stopping failed', error)
    process.exit(1)
  }
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)

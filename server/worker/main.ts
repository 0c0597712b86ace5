import { endOnSignal } from '@/server/end-on-signal'
import { logInfo } from '@/server/log'
import { reportProcess } from '@/server/services/live/report-process'
import { thisProcess } from '@/server/services/live/this-process'
import { connectStores } from '@/server/services/stores'
import { checkFigures } from './jobs/check-figures'
import { dropUsageMonths } from './jobs/drop-usage-months'
import { expireAnswerDigests } from './jobs/expire-answer-digests'
import { expireSessions } from './jobs/expire-sessions'
import { foldUsage } from './jobs/fold-usage'
import { pruneConfirmations } from './jobs/prune-confirmations'
import { judgeRollouts } from './jobs/judge-rollouts'
import { pruneCorrections } from './jobs/prune-corrections'
import { pruneDeliveries } from './jobs/prune-deliveries'
import { pruneOutbox } from './jobs/prune-outbox'
import { pruneSamples } from './jobs/prune-samples'
import { relayOutbox } from './jobs/relay-outbox'
import { repriceUsage } from './jobs/reprice-usage'
import { redisReteller } from './jobs/retell-redis'
import { redisSampler, SAMPLE_EVERY_MS } from './jobs/sample-redis'
import { webhookSender } from './jobs/send-webhooks'
import { sumUpUsage } from './jobs/sum-up-usage'
import { ensureUsagePartitions } from './jobs/usage-partitions'
import { forecastBudgets, watchBudgets } from './jobs/watch-budgets'
import { type Job, startSchedule } from './schedule'
import { wakeRelay } from './wake-relay'

const HOUR_MS = 3_600_000

/** The worker: everything that happens without being asked. Several may run; each job is safe to run twice. */
const stores = connectStores('worker')
const webhooks = webhookSender(stores)
const jobs: Job[] = [
  { name: 'relay-outbox', everyMs: 200, run: () => relayOutbox(stores) },
  { name: 'retell-redis', everyMs: 200, run: redisReteller(stores) },
  { name: 'send-webhooks', everyMs: 500, run: webhooks.run },
  { name: 'fold-usage', everyMs: 2_000, run: () => foldUsage(stores) },
  { name: 'sum-up-usage', everyMs: 10_000, run: () => sumUpUsage(stores) },
  { name: 'reprice-usage', everyMs: 500, run: () => repriceUsage(stores) },
  { name: 'watch-budgets', everyMs: 5_000, run: () => watchBudgets(stores) },
  { name: 'forecast-budgets', everyMs: 5 * 60_000, run: () => forecastBudgets(stores) },
  { name: 'check-figures', everyMs: 30_000, run: () => checkFigures(stores) },
  { name: 'judge-rollouts', everyMs: 5_000, run: () => judgeRollouts(stores) },
  { name: 'sample-redis', everyMs: SAMPLE_EVERY_MS, run: redisSampler(stores) },
  { name: 'expire-sessions', everyMs: 10_000, run: () => expireSessions(stores) },
  { name: 'expire-answer-digests', everyMs: 10_000, run: () => expireAnswerDigests(stores) },
  { name: 'usage-partitions', everyMs: HOUR_MS, run: () => ensureUsagePartitions(stores) },
  { name: 'drop-usage-months', everyMs: HOUR_MS, run: () => dropUsageMonths(stores) },
  { name: 'prune-samples', everyMs: HOUR_MS, run: () => pruneSamples(stores) },
  { name: 'prune-corrections', everyMs: HOUR_MS, run: () => pruneCorrections(stores) },
  { name: 'prune-outbox', everyMs: HOUR_MS, run: () => pruneOutbox(stores) },
  { name: 'prune-deliveries', everyMs: HOUR_MS, run: () => pruneDeliveries(stores) },
  { name: 'prune-confirmations', everyMs: HOUR_MS, run: () => pruneConfirmations(stores) },
]
const schedule = startSchedule(jobs)
const stopListening = wakeRelay(() => schedule.wake('relay-outbox'))
const stopReporting = reportProcess(stores, thisProcess('worker'))
logInfo('worker started', { jobs: jobs.map((job) => job.name) })

endOnSignal('worker', async () => {
  await stopReporting()
  await stopListening()
  await schedule.stop()
  await webhooks.settled()
  await stores.close()
})

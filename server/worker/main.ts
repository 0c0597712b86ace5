import { endOnSignal } from '@/server/end-on-signal'
import { logInfo } from '@/server/log'
import { reportProcess } from '@/server/services/live/report-process'
import { thisProcess } from '@/server/services/live/this-process'
import { connectStores } from '@/server/services/stores'
import { embeddingWork, jobRunner } from '@/server/services/vectors/run-jobs'
import { CENSUS_STEP_EVERY_MS, censusTaker } from '@/server/services/cache/census/take-census'
import { checkFigures } from './jobs/check-figures'
import { CHECK_SESSIONS_EVERY_MS, checkSessions } from './jobs/check-sessions'
import { deleteRedisKeys, pruneRedisDeletes } from './jobs/delete-redis-keys'
import { dropUsageMonths } from './jobs/drop-usage-months'
import { eraseTenants } from './jobs/erase-tenants'
import { expireAnswerDigests } from './jobs/expire-answer-digests'
import { expireKv } from './jobs/expire-kv'
import { expireSessions, expireTableSessions } from './jobs/expire-sessions'
import { foldUsage } from './jobs/fold-usage'
import { logOutSessions, pruneLogOuts } from './jobs/log-out-sessions'
import {
  checkLeaderboards,
  leaderboardKeeper,
  pruneLeaderboards,
  snapLeaderboards,
  workOnLeaderboards,
} from './jobs/leaderboards'
import { moveKv } from './jobs/move-kv'
import { moveSessions } from './jobs/move-sessions'
import { pruneConfirmations } from './jobs/prune-confirmations'
import { keepPartitions, pruneMemory, samplePartitionsDue, searchVoider, sleepIdle, watchRecall } from './jobs/memory'
import { judgeRollouts } from './jobs/judge-rollouts'
import { KEEP_SLOW_LOG_EVERY_MS, slowLogKeeper } from './jobs/keep-slow-log'
import { pruneCorrections } from './jobs/prune-corrections'
import { pruneDeliveries } from './jobs/prune-deliveries'
import { pruneLimits } from './jobs/prune-limits'
import { pruneOutbox } from './jobs/prune-outbox'
import { pruneSamples } from './jobs/prune-samples'
import { relayOutbox } from './jobs/relay-outbox'
import { repriceUsage } from './jobs/reprice-usage'
import { redisReteller } from './jobs/retell-redis'
import { runKvDuels } from './jobs/run-kv-duels'
import { redisSampler, SAMPLE_EVERY_MS } from './jobs/sample-redis'
import { webhookSender } from './jobs/send-webhooks'
import { sumUpUsage } from './jobs/sum-up-usage'
import { ensureUsagePartitions } from './jobs/usage-partitions'
import { forecastBudgets, watchBudgets } from './jobs/watch-budgets'
import { WRITE_TURNS_EVERY_MS, writeTurns } from './jobs/write-turns'
import { tellOfDay } from '@/server/services/usage/days/tell-of-day'
import { type Job, startSchedule } from './schedule'
import { wakeRelay } from './wake-relay'

const HOUR_MS = 3_600_000
/** Work that an operator asked for may wait this long for its beginning: to look for it is a statement each time. */
const LOOK_FOR_WORK_MS = 1_000

/** The worker: everything that happens without being asked. Several may run; each job is safe to run twice. */
const stores = connectStores('worker')
const webhooks = webhookSender(stores)
const work = jobRunner(stores, { kinds: { except: embeddingWork } })
const embedding = jobRunner(stores, { kinds: { only: embeddingWork } })
const census = censusTaker(stores)
const jobs: Job[] = [
  { name: 'relay-outbox', everyMs: 200, run: () => relayOutbox(stores) },
  { name: 'retell-redis', everyMs: 200, run: redisReteller(stores) },
  { name: 'send-webhooks', everyMs: 500, run: webhooks.run },
  { name: 'write-turns', everyMs: WRITE_TURNS_EVERY_MS, run: () => writeTurns(stores) },
  { name: 'fold-usage', everyMs: 2_000, run: () => foldUsage(stores) },
  { name: 'sum-up-usage', everyMs: 10_000, run: () => sumUpUsage(stores) },
  { name: 'reprice-usage', everyMs: LOOK_FOR_WORK_MS, run: () => repriceUsage(stores) },
  { name: 'watch-budgets', everyMs: 5_000, run: () => watchBudgets(stores) },
  { name: 'forecast-budgets', everyMs: 5 * 60_000, run: () => forecastBudgets(stores) },
  { name: 'check-figures', everyMs: 30_000, run: () => checkFigures(stores) },
  { name: 'tell-of-day', everyMs: 5 * 60_000, run: () => tellOfDay(stores) },
  { name: 'judge-rollouts', everyMs: 5_000, run: () => judgeRollouts(stores) },
  { name: 'sample-redis', everyMs: SAMPLE_EVERY_MS, run: redisSampler(stores, census) },
  { name: 'take-census', everyMs: CENSUS_STEP_EVERY_MS, run: census.run },
  { name: 'keep-slow-log', everyMs: KEEP_SLOW_LOG_EVERY_MS, run: slowLogKeeper(stores) },
  { name: 'log-out-sessions', everyMs: LOOK_FOR_WORK_MS, run: () => logOutSessions(stores) },
  { name: 'delete-redis-keys', everyMs: LOOK_FOR_WORK_MS, run: () => deleteRedisKeys(stores) },
  { name: 'check-sessions', everyMs: CHECK_SESSIONS_EVERY_MS, run: () => checkSessions(stores) },
  { name: 'expire-sessions', everyMs: 10_000, run: () => expireSessions(stores) },
  { name: 'expire-table-sessions', everyMs: 10_000, run: () => expireTableSessions(stores) },
  { name: 'move-sessions', everyMs: LOOK_FOR_WORK_MS, run: () => moveSessions(stores) },
  { name: 'keep-leaderboards', everyMs: 250, run: leaderboardKeeper(stores) },
  { name: 'work-on-leaderboards', everyMs: LOOK_FOR_WORK_MS, run: () => workOnLeaderboards(stores) },
  { name: 'check-leaderboards', everyMs: 30_000, run: () => checkLeaderboards(stores) },
  { name: 'snap-leaderboards', everyMs: 60_000, run: () => snapLeaderboards(stores) },
  { name: 'prune-leaderboards', everyMs: HOUR_MS, run: () => pruneLeaderboards(stores) },
  { name: 'expire-answer-digests', everyMs: 10_000, run: () => expireAnswerDigests(stores) },
  { name: 'move-kv', everyMs: LOOK_FOR_WORK_MS, run: () => moveKv(stores) },
  { name: 'run-kv-duels', everyMs: LOOK_FOR_WORK_MS, run: () => runKvDuels(stores) },
  { name: 'expire-kv', everyMs: 10_000, run: () => expireKv(stores) },
  { name: 'prune-limits', everyMs: 60_000, run: () => pruneLimits(stores) },
  { name: 'keep-memory-partitions', everyMs: 1_000, run: () => keepPartitions(stores) },
  { name: 'void-searches', everyMs: 200, run: searchVoider(stores) },
  { name: 'run-jobs', everyMs: LOOK_FOR_WORK_MS, run: work.run },
  { name: 're-embed', everyMs: LOOK_FOR_WORK_MS, run: embedding.run },
  { name: 'erase-tenants', everyMs: LOOK_FOR_WORK_MS, run: () => eraseTenants(stores) },
  { name: 'sample-memory', everyMs: 5_000, run: () => samplePartitionsDue(stores) },
  { name: 'watch-recall', everyMs: 30_000, run: () => watchRecall(stores) },
  { name: 'sleep-idle-memories', everyMs: 60_000, run: () => sleepIdle(stores) },
  { name: 'prune-memory', everyMs: HOUR_MS, run: () => pruneMemory(stores) },
  { name: 'usage-partitions', everyMs: HOUR_MS, run: () => ensureUsagePartitions(stores) },
  { name: 'drop-usage-months', everyMs: HOUR_MS, run: () => dropUsageMonths(stores) },
  { name: 'prune-samples', everyMs: HOUR_MS, run: () => pruneSamples(stores) },
  { name: 'prune-corrections', everyMs: HOUR_MS, run: () => pruneCorrections(stores) },
  { name: 'prune-log-outs', everyMs: HOUR_MS, run: () => pruneLogOuts(stores) },
  { name: 'prune-redis-deletes', everyMs: HOUR_MS, run: () => pruneRedisDeletes(stores) },
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
  await work.stop()
  await embedding.stop()
  await schedule.stop()
  await webhooks.settled()
  await stores.close()
})

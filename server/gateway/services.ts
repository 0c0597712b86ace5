import { subscribeInvalidations } from '@/db/redis/invalidations'
import { redisEnv } from '@/db/redis/env'
import { serverEnv } from '@/server/env'
import type { Stores } from '@/server/services/context'
import { lookupCounter } from '@/server/services/cache/lookup-counter'
import { keyAuthenticator } from '@/server/services/keys/authenticate-key'
import { keyUses } from '@/server/services/keys/touch-keys'
import { kvCounter } from '@/server/services/kv/kv-counter'
import { kvEntries } from '@/server/services/kv/kv-entries'
import { knownNamespaces } from '@/server/services/kv/known-namespaces'
import { limitConsumer } from '@/server/services/limits/consume-limit'
import { limitCounter } from '@/server/services/limits/limit-counter'
import { limitPolicies } from '@/server/services/limits/limit-policies'
import { flagReader } from '@/server/services/flags/flag-reader'
import { scores } from '@/server/services/leaderboards/add-score'
import { promptConfirmations } from '@/server/services/prompts/confirmations'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import { activityCounter } from '@/server/services/vectors/activity-counter'
import { searchKeeper } from '@/server/services/vectors/kept-searches/search-keeper'
import { budgetChecker, usedUpBudgets } from '@/server/services/usage/budgets/check-budgets'
import { sdkProcesses } from '@/server/services/live/sdk-processes'
import { type ThisProcess, thisProcess } from '@/server/services/live/this-process'
import { openStreams } from './event-stream'
import { type Ingest, ingestHere } from './ingest/ingest-here'
import { gatewayMetrics } from './metrics'

export type Settings = {
  /** How the gateway is known to others. */
  self?: ThisProcess
  /** Where invalidations are heard. */
  redisUrls?: readonly string[]
  maxStreams?: number
  /** What takes reports of usage; this thread, unless another is named. */
  ingest?: Ingest
}

/** What lives as long as the gateway's process: local copies and counters. What flushes them is in jobs.ts. */
export function gatewayServices(stores: Stores, settings: Settings = {}) {
  const usedUp = usedUpBudgets(stores)
  const { self = thisProcess('gateway'), ingest = ingestHere(stores) } = settings
  const { redisUrls = redisEnv().urls, maxStreams = serverEnv().gatewayMaxStreams } = settings
  const lookups = lookupCounter(stores)
  const activity = activityCounter(stores)
  const keeper = searchKeeper(stores)
  const limitCounts = limitCounter(stores)
  const kvCounts = kvCounter(stores)
  const invalidations = subscribeInvalidations({ urls: redisUrls, name: 'engram-gateway' })
  const stopListening = invalidations.listen({
    invalidated: (message) => {
      if (message.family !== 'tenants') return
      lookups.forget(message.slug)
      activity.forget(message.slug)
      keeper.forget(message.slug)
      limitCounts.forget(message.slug)
    },
    lost: () => {}, // An erasure that was not heard of is found by the next write (see lookup-counter.ts).
  })
  const prompts = promptReader(stores, invalidations, lookups)
  const flags = flagReader(stores, invalidations, lookups)
  const limits = limitPolicies(stores, invalidations)
  const confirmations = promptConfirmations(stores, invalidations, self.id)
  const streams = openStreams(maxStreams)
  return {
    self,
    stores,
    authenticate: keyAuthenticator(stores),
    keyUses: keyUses(stores),
    checkBudgets: budgetChecker(stores),
    lookups,
    activity,
    keeper,
    consumeLimit: limitConsumer(stores, { policies: limits, counts: limitCounts, usedUp }),
    limitCounts,
    kv: kvEntries(stores, { namespaces: knownNamespaces(stores), counts: kvCounts, lookups }),
    kvCounts,
    ingest,
    flags,
    scores: scores(stores),
    invalidations,
    prompts,
    streams,
    sdks: sdkProcesses(stores, self.id),
    confirmations,
    metrics: gatewayMetrics({ redis: stores.redis, lookups, prompts, streams }),
    /** `closing` once the process is on its way out. */
    state: { closing: false },
    close: () => {
      confirmations.close()
      prompts.close()
      flags.close()
      limits.close()
      stopListening()
      invalidations.close()
    },
  }
}

export type Services = ReturnType<typeof gatewayServices>

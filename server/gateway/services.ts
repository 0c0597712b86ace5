import { subscribeInvalidations } from '@/db/redis/invalidations'
import { redisEnv } from '@/db/redis/env'
import { serverEnv } from '@/server/env'
import type { Stores } from '@/server/services/context'
import { lookupCounter } from '@/server/services/cache/lookup-counter'
import { keyAuthenticator } from '@/server/services/keys/authenticate-key'
import { keyUses } from '@/server/services/keys/touch-keys'
import { promptConfirmations } from '@/server/services/prompts/confirmations'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import { budgetChecker } from '@/server/services/usage/budgets/check-budgets'
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
  const { self = thisProcess('gateway'), ingest = ingestHere(stores) } = settings
  const { redisUrls = redisEnv().urls, maxStreams = serverEnv().gatewayMaxStreams } = settings
  const lookups = lookupCounter(stores)
  const invalidations = subscribeInvalidations({ urls: redisUrls, name: 'engram-gateway' })
  const stopListening = invalidations.listen({
    invalidated: (message) => {
      if (message.family === 'tenants') lookups.forget(message.slug)
    },
    lost: () => {}, // An erasure that was not heard of is found by the next write (see lookup-counter.ts).
  })
  const prompts = promptReader(stores, invalidations)
  const confirmations = promptConfirmations(stores, invalidations, self.id)
  const streams = openStreams(maxStreams)
  return {
    self,
    stores,
    authenticate: keyAuthenticator(stores),
    keyUses: keyUses(stores),
    checkBudgets: budgetChecker(stores),
    lookups,
    ingest,
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
      stopListening()
      invalidations.close()
    },
  }
}

export type Services = ReturnType<typeof gatewayServices>

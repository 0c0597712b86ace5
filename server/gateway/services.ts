import { redisEnv } from '@/db/redis/env'
import { subscribeInvalidations } from '@/db/redis/invalidations'
import type { Stores } from '@/server/services/context'
import { lookupCounter } from '@/server/services/cache/lookup-counter'
import { keyAuthenticator } from '@/server/services/keys/authenticate-key'
import { keyUses } from '@/server/services/keys/touch-keys'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import { gatewayMetrics } from './metrics'

/** What lives as long as the gateway's process: local copies and counters. What flushes them is in jobs.ts. */
export function gatewayServices(stores: Stores) {
  const lookups = lookupCounter(stores)
  const invalidations = subscribeInvalidations({ urls: redisEnv().urls, name: 'engram-gateway' })
  const stopListening = invalidations.listen({
    invalidated: (message) => {
      if (message.family === 'tenants') lookups.forget(message.slug)
    },
    lost: () => {}, // An erasure that was not heard of is found by the next write (see lookup-counter.ts).
  })
  const prompts = promptReader(stores, invalidations)
  return {
    stores,
    authenticate: keyAuthenticator(stores),
    keyUses: keyUses(stores),
    lookups,
    invalidations,
    prompts,
    metrics: gatewayMetrics({ redis: stores.redis, lookups, prompts }),
    /** `closing` once the process is on its way out. */
    state: { closing: false },
    close: () => {
      prompts.close()
      stopListening()
      invalidations.close()
    },
  }
}

export type Services = ReturnType<typeof gatewayServices>

import type { Stores } from '@/server/services/context'
import { keyAuthenticator } from '@/server/services/keys/authenticate-key'
import { keyUses } from '@/server/services/keys/touch-keys'
import { gatewayMetrics } from './metrics'

/** What lives as long as the gateway's process: local copies, counters, and what flushes them. */
export function gatewayServices(stores: Stores) {
  return {
    stores,
    authenticate: keyAuthenticator(stores),
    keyUses: keyUses(stores),
    metrics: gatewayMetrics(stores),
  }
}

export type Services = ReturnType<typeof gatewayServices>

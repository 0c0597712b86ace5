import { z } from 'zod'
import { raw, reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { checkStores } from '@/server/services/health/check-stores'

const check = z.object({ up: z.boolean(), latencyMs: z.number().nullable() })
const readiness = z.object({
  status: z.enum(['ready', 'degraded', 'unavailable', 'closing']),
  postgres: check,
  redis: check,
})
const up = (latencyMs: number) => ({ up: true, latencyMs })

export function healthRoutes({ metrics, stores, state }: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/healthz',
      scope: 'none',
      summary: 'Is the process alive?',
      replies: { 200: { when: 'it is', schema: z.object({ status: z.literal('ok') }), example: { status: 'ok' } } },
      handle: () => ({ status: 'ok' }),
    }),
    route({
      method: 'GET',
      path: '/readyz',
      scope: 'none',
      summary: 'Can it serve?',
      description: 'Asks both memories. Without Redis the gateway serves on from Postgres: degraded, but ready.',
      replies: {
        200: {
          when: 'it can; degraded while Redis does not answer',
          schema: readiness,
          example: { status: 'ready', postgres: up(0.8), redis: up(0.2) },
        },
        503: {
          when: 'Postgres does not answer, or the process is closing',
          schema: readiness,
          example: { status: 'unavailable', postgres: { up: false, latencyMs: null }, redis: up(0.2) },
        },
      },
      handle: async () => {
        const checks = await checkStores(stores)
        if (state.closing) return reply(503, { status: 'closing', ...checks })
        if (!checks.postgres.up) return reply(503, { status: 'unavailable', ...checks })
        return { status: checks.redis.up ? 'ready' : 'degraded', ...checks }
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      scope: 'none',
      summary: 'Figures for Prometheus',
      description: 'Requests and durations by route, look-ups of the cache, event-loop lag, memory.',
      replies: { 200: { when: 'always', schema: null, contentType: metrics.registry.contentType } },
      handle: async () => raw(200, metrics.registry.contentType, await metrics.registry.metrics()),
    }),
  ]
}

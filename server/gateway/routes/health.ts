import { z } from 'zod'
import { raw } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'

export function healthRoutes({ metrics }: Services): Route[] {
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
      path: '/metrics',
      scope: 'none',
      summary: 'Figures for Prometheus',
      replies: { 200: { when: 'always', schema: null, contentType: metrics.registry.contentType } },
      handle: async () => raw(200, metrics.registry.contentType, await metrics.registry.metrics()),
    }),
  ]
}

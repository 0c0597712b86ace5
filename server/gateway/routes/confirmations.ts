import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { ConfirmPrompts } from '@/server/services/prompts/confirmations.schema'

export function confirmationRoutes({ confirmations }: Services): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/confirmations',
      scope: 'app',
      summary: 'Say which revisions a process serves',
      description:
        'For processes that named themselves on their stream, once they have dropped or replaced a copy. The console shows of every ' +
        'activation which processes confirmed it, and when. Only the key of the stream may speak for its process; what is unknown ' +
        'is passed over.',
      body: ConfirmPrompts,
      replies: { 204: { when: 'noted', schema: null } },
      example: {
        body: { process: 'api-7f9c', prompts: [{ name: 'support/reply', channel: 'production', revision: 1 }] },
      },
      handle: ({ body, key }) => {
        for (const prompt of body.prompts) confirmations.add({ process: body.process, keyId: key.id, ...prompt })
        return reply(204)
      },
    }),
  ]
}

import { followInvalidations } from '@/server/gateway/follow-invalidations'
import { EventStream } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { FollowStream } from '@/server/services/live/stream.schema'

export function streamRoutes(services: Services): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/stream',
      scope: 'app',
      summary: 'Be told of every activation and every change of a flag',
      description:
        'Server-sent events, for processes that keep copies of prompts or of what flags answered. "hello" comes first, with the gateway and its clock in ' +
        'milliseconds. "prompt" names what moved, with its new revision: drop the copy; "flag" likewise a flag. "lost" means that messages may be missing: ' +
        'drop every copy. With "beat", a "beat" comes that often: everything published before its "proven", on the clock of ' +
        '"hello", was sent on this stream; no beat comes while the gateway cannot vouch for that. A reader that does not keep up ' +
        'is let go; drop every copy when the stream ends, and come again.',
      query: FollowStream,
      replies: {
        200: {
          when: 'the stream is open',
          schema: null,
          contentType: 'text/event-stream',
          text: [
            'event: hello\ndata: {"gateway":"8f6f1c2e","clock":81234.5}',
            'event: prompt\ndata: {"name":"support/reply","channel":"production","revision":42}',
            'event: flag\ndata: {"name":"new-checkout","revision":3}',
            'event: beat\ndata: {"proven":81284.1}',
            'event: lost\ndata: {}',
          ].join('\n\n'),
        },
      },
      errors: { unavailable: 'This gateway has no room for another stream; Retry-After says when to come again.' },
      example: { query: { process: 'api-7f9c', name: 'api', beat: '50' } },
      handle: ({ query, key, headers }) => {
        services.streams.requireRoom()
        return new EventStream((events) =>
          followInvalidations(events, services, { ...query, key, authorization: headers.authorization ?? '' }),
        )
      },
    }),
  ]
}

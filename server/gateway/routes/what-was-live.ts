import { type Route, route } from '@/server/gateway/route'
import { whatWasLive } from '@/server/services/prompts/what-was-live'
import { LiveAnswer, WhatWasLive } from '@/server/services/prompts/what-was-live.schema'

const at = '2026-11-12T14:02:11.204Z'

export function whatWasLiveRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/live',
      scope: 'operator',
      summary: 'What was live at an instant',
      description:
        'What a channel served at "at": every prompt with the version, its content, who made it live, why and until when, and the prices of the models in use. With "tenant", the prompts that its calls used within half an hour come first, and "reported" holds the versions that they said they used: "stray" counts calls while the channel did not serve that version. With "subject", "subjectVersion" is what a rollout gave it.',
      query: WhatWasLive,
      replies: {
        200: {
          when: 'always, also where nothing was live',
          schema: LiveAnswer,
          example: {
            at,
            channel: 'production',
            total: 1,
            prompts: [
              {
                name: 'support/reply',
                version: 1,
                model: 'gpt-4o-mini',
                config: { temperature: 0.2 },
                content: 'You answer customers of {{company}}.',
                bytes: 36,
                revision: 1,
                kind: 'activate',
                by: 'ci',
                reason: 'First version',
                since: at,
                until: null,
                arms: null,
                subjectVersion: null,
              },
            ],
            notLive: { total: 0, prompts: [] },
            moves: { first: at, before: null, after: null },
            channels: ['production'],
            reported: null,
            prices: { from: '2026-11-12T13:00:00.000Z', to: '2026-11-12T15:00:00.000Z', total: 0, models: [] },
          },
        },
      },
      errors: {
        bad_request: 'The instant lies in the future, or is none (field at).',
        not_found: 'There is no such prompt.',
      },
      example: { query: { tenant: 'acme', subject: 'u-17' } },
      handle: ({ query, stores }) => whatWasLive(stores, query),
    }),
  ]
}

import { z } from 'zod'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { summariseUsage } from '@/server/services/usage/summarise-usage'
import {
  IngestReply,
  UsageBatch,
  UsageEvent,
  UsageSummary,
  UsageSummaryQuery,
} from '@/server/services/usage/usage.schema'

export function usageRoutes(services: Pick<Services, 'keyUses' | 'ingest'>): Route[] {
  return [report(services), summary]
}

/** Events are judged one by one in the verb; here they are only described. */
const documented = UsageBatch.extend({
  events: z.array(z.unknown().meta({ ...z.toJSONSchema(UsageEvent, { io: 'input' }), $schema: undefined })).min(1),
})

const report = ({ keyUses, ingest }: Pick<Services, 'keyUses' | 'ingest'>) =>
  route({
    method: 'POST',
    path: '/v1/usage',
    scope: 'app',
    summary: 'Report usage',
    description:
      'Up to 1,000 calls of models in one batch, acknowledged once they are committed. Each event is judged alone: a bad one is rejected by its index, with the field that is wrong, and the others are accepted. An event sent again is a duplicate and counts once; the same id with another payload is rejected as a conflict. Repeat a batch as often as you like.',
    body: documented,
    raw: ['application/json'],
    replies: {
      200: {
        when: 'recorded',
        schema: IngestReply,
        example: { accepted: 1, duplicates: 0, rejected: [] },
      },
    },
    errors: {
      bad_request: 'No event of the batch is valid; "rejected" says why for each.',
      too_large: 'More than 1,000 events, or more than 5 MB.',
    },
    example: {
      body: {
        events: [
          {
            id: '8f6f1c2e-0001',
            tenant: 'acme',
            user: 'u-17',
            provider: 'openai',
            model: 'gpt-4o-mini',
            inputTokens: 1200,
            outputTokens: 180,
            cachedInputTokens: 1024,
            latencyMs: 840,
            ttftMs: 210,
            prompt: { name: 'support-reply', version: 3 },
            occurredAt: new Date().toISOString(),
          },
        ],
      },
    },
    handle: async ({ body, key }) => {
      const { reply: result, first } = await ingest.usage(body, key)
      if (first) keyUses.note(key.id, { call: 'usage', ...first })
      const [refused] = result.rejected
      if (result.accepted + result.duplicates > 0 || refused?.code !== 'bad_request') return result
      const { code, message, field } = refused
      return reply(400, { error: { code, message, field }, ...result })
    },
  })

const summary = route({
  method: 'GET',
  path: '/v1/usage/summary',
  scope: 'operator',
  summary: 'Usage and cost of a range',
  description:
    'Totals and, with "groupBy", the parts they are made of, which add up to them exactly. Groups are ordered by cost, hours and days by time; the key of a prompt is name@version, that of a day YYYY-MM-DD in the time zone, that of an hour the instant it begins. "costUsd" is an exact decimal and leaves out the requests that "unpriced" counts.',
  query: UsageSummaryQuery,
  replies: {
    200: {
      when: 'always',
      schema: UsageSummary,
      example: {
        totals: {
          requests: 1,
          inputTokens: 1200,
          outputTokens: 180,
          cachedInputTokens: 1024,
          costUsd: '0.0002112',
          unpriced: 0,
        },
        groups: [],
      },
    },
  },
  example: { query: { groupBy: 'model', timezone: 'Europe/Paris' } },
  handle: ({ query, stores }) => summariseUsage(stores, query),
})

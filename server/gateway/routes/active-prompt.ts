import { z } from 'zod'
import { raw, reply } from '@/server/gateway/reply'
import { route } from '@/server/gateway/route'
import type { PromptReader } from '@/server/services/prompts/prompt-reader'
import { ActivePrompt, ArmWeight, promptChannel, promptName } from '@/server/services/prompts/prompts.schema'
import type { Served } from '@/server/services/prompts/served-channel'
import { text } from '@/server/services/text.schema'

const Arm = ArmWeight.extend({
  buckets: z.array(z.array(z.int())).describe('half-open ranges of 0 to 9,999'),
  ...ActivePrompt.pick({ content: true, model: true, config: true }).shape,
})

const Fetched = ActivePrompt.extend({
  rollout: z
    .object({ salt: z.string(), arms: z.array(Arm) })
    .nullable()
    .optional()
    .describe('with include=rollout only'),
})

const query = z.strictObject({
  channel: promptChannel.default('production'),
  subject: text(200).optional().describe('whom the answer is for: a user, a session, a conversation'),
  include: z
    .literal('rollout')
    .optional()
    .describe('answers with all versions of a rollout; subject has no effect then'),
})

export const fetchActive = (prompts: PromptReader) =>
  route({
    method: 'GET',
    path: '/v1/prompts/:name',
    scope: 'app',
    summary: 'Fetch the active version',
    description:
      'Send the ETag back as If-None-Match: the answer is 304 while nothing changed. While a rollout runs, "subject" decides between its versions, always the same way; without one, the answer is the version that was live in full before. A client that keeps copies asks with include=rollout and decides by itself; docs/decisions/0010 and docs/rollout-buckets.json say how.',
    params: z.strictObject({ name: promptName }),
    query,
    replies: {
      200: {
        when: 'a version is active',
        schema: Fetched,
        example: {
          name: 'support/reply',
          channel: 'production',
          version: 1,
          revision: 1,
          content: 'You answer customers of {{company}}.',
          model: 'gpt-4o-mini',
          config: { temperature: 0.2 },
        },
      },
      304: { when: 'If-None-Match names what is still active', schema: null },
    },
    errors: { not_found: 'There is no such prompt (field name), or nothing is active on the channel (field channel).' },
    example: { params: { name: 'support/reply' }, query: { subject: 'user-7' } },
    handle: ({ params, query, headers }) => {
      const key = { name: params.name, channel: query.channel }
      const served = query.include ? prompts.readWhole(key) : prompts.read(key, query.subject)
      return served instanceof Promise
        ? served.then((read) => serve(read, headers['if-none-match']))
        : serve(served, headers['if-none-match'])
    },
  })

function serve({ json, etag }: Served, ifNoneMatch: string | undefined) {
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (ifNoneMatch !== undefined && names(ifNoneMatch, etag)) return reply(304, undefined, headers)
  return raw(200, 'application/json; charset=utf-8', json, headers)
}

/** If-None-Match is a list, or *; a proxy on the way may have made our tag a weak one. */
const names = (ifNoneMatch: string, etag: string) =>
  ifNoneMatch.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()))

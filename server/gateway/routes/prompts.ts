import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { raw, reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { promptHistory } from '@/server/services/prompts/prompt-history'
import type { ServedPrompt } from '@/server/services/prompts/load-prompt'
import type { PromptReader } from '@/server/services/prompts/prompt-reader'
import {
  Activation,
  ActivationRecord,
  ActivatePrompt,
  ActivePrompt,
  CreatePrompt,
  CreateVersion,
  PromptHistory,
  promptChannel,
  promptName,
  promptVersion,
  RollbackPrompt,
} from '@/server/services/prompts/prompts.schema'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import { text } from '@/server/services/text.schema'

const params = z.strictObject({ name: promptName })
const name = { name: 'support/reply' }
const channel = promptChannel.default('production')

export function promptRoutes({ prompts }: { prompts: PromptReader }): Route[] {
  return [create, addVersion, activate, rollback, history, fetchActive(prompts)]
}

const create = route({
  method: 'POST',
  path: '/v1/prompts',
  scope: 'operator',
  summary: 'Create a prompt',
  description: 'Names may hold slashes, spaces and dots; percent-encode them in paths (support%2Freply).',
  body: CreatePrompt,
  replies: {
    201: {
      when: 'created',
      schema: z.object({ name: z.string(), description: z.string().nullable() }),
      example: { ...name, description: 'Answers customers by mail' },
    },
  },
  errors: { conflict: 'The name is taken.' },
  example: { body: { ...name, description: 'Answers customers by mail' } },
  handle: async ({ body, key, stores }) => reply(201, await createPrompt(callerOf(stores, key), body)),
})

const addVersion = route({
  method: 'POST',
  path: '/v1/prompts/:name/versions',
  scope: 'operator',
  summary: 'Add a version',
  description:
    'Versions are numbered 1, 2, 3, … and never change (R2). Nothing is activated. Content that says the same as the newest version, with the same model and config, needs "force": true.',
  params,
  body: CreateVersion.omit({ name: true }),
  replies: { 201: { when: 'added', schema: z.object({ version: promptVersion }), example: { version: 1 } } },
  errors: { not_found: 'There is no such prompt.', conflict: 'The newest version says the same.' },
  example: {
    params: name,
    body: { content: 'You answer customers of {{company}}.', model: 'gpt-4o-mini', config: { temperature: 0.2 } },
  },
  handle: async ({ params, body, key, stores }) =>
    reply(201, await createVersion(callerOf(stores, key), { ...params, ...body })),
})

const activation = {
  version: 1,
  previousVersion: null,
  revision: 1,
  committedAt: '2026-11-12T14:02:11.204Z',
  appliedAt: '2026-11-12T14:02:11.210Z',
}

const activate = route({
  method: 'POST',
  path: '/v1/prompts/:name/activate',
  scope: 'operator',
  summary: 'Activate a version',
  description:
    'Makes a version what a channel serves, at once and everywhere. "expectedRevision" is the revision that you saw live (0: none yet); when it is no longer, the answer is 409 and nothing changes. "appliedAt" is null when Redis could not be told yet: it will be.',
  params,
  body: ActivatePrompt.omit({ name: true }),
  replies: { 200: { when: 'activated', schema: Activation, example: activation } },
  errors: {
    not_found: 'There is no such prompt, or no such version (field version).',
    conflict: 'Somebody else was faster.',
  },
  example: { params: name, body: { version: 1, reason: 'First version' } },
  handle: ({ params, body, key, stores }) => activatePrompt(callerOf(stores, key), { ...params, ...body }),
})

const rollback = route({
  method: 'POST',
  path: '/v1/prompts/:name/rollback',
  scope: 'operator',
  summary: 'Roll back to what was live before',
  description:
    'A step down a stack: a second rollback goes further back, not forward again. It is a new revision in the history.',
  params,
  body: RollbackPrompt.omit({ name: true }).prefault({}),
  replies: {
    200: {
      when: 'rolled back',
      schema: Activation,
      example: { ...activation, previousVersion: 2, revision: 3 },
    },
  },
  errors: {
    not_found: 'There is no such prompt.',
    conflict: 'There is nothing to go back to, or somebody was faster.',
  },
  example: { params: name, body: { reason: 'Too long-winded' } },
  handle: ({ params, body, key, stores }) => rollbackPrompt(callerOf(stores, key), { ...params, ...body }),
})

const history = route({
  method: 'GET',
  path: '/v1/prompts/:name/history',
  scope: 'operator',
  summary: 'What was live when, and who changed it',
  description: 'Newest first, for one channel. A rollback is an activation of the kind "rollback".',
  params,
  query: z.strictObject({ channel, limit: z.coerce.number().pipe(PromptHistory.shape.limit.unwrap()).default(50) }),
  replies: {
    200: {
      when: 'found',
      schema: z.object({ activations: z.array(ActivationRecord) }),
      example: {
        activations: [
          {
            version: 1,
            previousVersion: null,
            revision: 1,
            kind: 'activate',
            by: 'ci',
            reason: 'First version',
            at: activation.committedAt,
          },
        ],
      },
    },
  },
  errors: { not_found: 'There is no such prompt.' },
  example: { params: name, query: { limit: '10' } },
  handle: ({ params, query, stores }) => promptHistory(stores, { ...params, ...query }),
})

const fetchActive = (prompts: PromptReader) =>
  route({
    method: 'GET',
    path: '/v1/prompts/:name',
    scope: 'app',
    summary: 'Fetch the active version',
    description:
      'Send the ETag back as If-None-Match: the answer is 304 while nothing changed. "subject" is accepted already, and has no effect before rollouts by subject exist.',
    params,
    query: z.strictObject({ channel, subject: text(200).optional() }),
    replies: {
      200: {
        when: 'a version is active',
        schema: ActivePrompt,
        example: {
          ...name,
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
    example: { params: name },
    handle: ({ params, query, headers }) => {
      const prompt = prompts.read({ name: params.name, channel: query.channel })
      return prompt instanceof Promise
        ? prompt.then((read) => serve(read, headers['if-none-match']))
        : serve(prompt, headers['if-none-match'])
    },
  })

function serve({ json, etag }: ServedPrompt, ifNoneMatch: string | undefined) {
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (ifNoneMatch !== undefined && names(ifNoneMatch, etag)) return reply(304, undefined, headers)
  return raw(200, 'application/json; charset=utf-8', json, headers)
}

/** If-None-Match is a list, or *; a proxy on the way may have made our tag a weak one. */
const names = (ifNoneMatch: string, etag: string) =>
  ifNoneMatch.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()))

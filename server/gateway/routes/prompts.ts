import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { orAsk } from '@/server/services/prompts/or-ask'
import { promptHistory } from '@/server/services/prompts/prompt-history'
import type { PromptReader } from '@/server/services/prompts/prompt-reader'
import {
  Activation,
  ActivationRecord,
  ActivatePrompt,
  CreatePrompt,
  CreateVersion,
  PromptHistory,
  promptChannel,
  promptName,
  promptVersion,
  RollbackPrompt,
} from '@/server/services/prompts/prompts.schema'
import { rollbackPrompt } from '@/server/services/prompts/rollback-prompt'
import { fetchActive } from './active-prompt'
import { asked, movedOrAsked } from './asked'
import { rollOut, showRollout, stopGuard } from './rollout'

const params = z.strictObject({ name: promptName })
const name = { name: 'support/reply' }
const channel = promptChannel.default('production')

export function promptRoutes({ prompts }: { prompts: PromptReader }): Route[] {
  return [create, addVersion, activate, rollOut, showRollout, stopGuard, rollback, history, fetchActive(prompts)]
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
    'Versions are numbered 1, 2, 3, … and never change (R2). Nothing is activated. {{name}} is a variable and {{> other/prompt}} stands for what another prompt serves on the same channel, put in by whoever renders it; one that is never closed is refused. Content that says the same as the newest version, with the same model and config, needs "force": true.',
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
    'Makes a version what a channel serves, at once and everywhere; a rollout ends with it. "expectedRevision" is the revision that you saw live (0: none yet); when it is no longer, the answer is 409 and nothing changes. "appliedAt" is null when Redis could not be told yet: it will be.',
  params,
  body: ActivatePrompt.omit({ name: true }),
  replies: { 200: { when: 'activated', schema: Activation, example: activation }, 202: asked },
  errors: {
    not_found: 'There is no such prompt, or no such version (field version).',
    conflict: 'Somebody else was faster, or another change waits for approval.',
  },
  example: { params: name, body: { version: 1, reason: 'First version' } },
  handle: async ({ params, body, key, stores }) => {
    const caller = callerOf(stores, key)
    return movedOrAsked(await orAsk(caller, () => activatePrompt(caller, { ...params, ...body })))
  },
})

const rollback = route({
  method: 'POST',
  path: '/v1/prompts/:name/rollback',
  scope: 'operator',
  summary: 'Roll back to what was live before',
  description:
    'A step down a stack: a second rollback goes further back, not forward again. Out of a rollout it returns to the version that was live in full before, in one step. It is a new revision in the history.',
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
  description:
    'Newest first, for one channel. A rollback is an activation of the kind "rollback"; each change of a rollout is one of the kind "rollout", with its arms.',
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

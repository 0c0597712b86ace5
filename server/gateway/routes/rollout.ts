import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { route } from '@/server/gateway/route'
import { orAsk } from '@/server/services/prompts/or-ask'
import { promptName, RolloutActivation, RollOutPrompt } from '@/server/services/prompts/prompts.schema'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { asked, movedOrAsked } from './asked'

const arms = [
  { version: 1, weight: 90 },
  { version: 2, weight: 10 },
]

export const rollOut = route({
  method: 'POST',
  path: '/v1/prompts/:name/rollout',
  scope: 'operator',
  summary: 'Serve several versions by weight',
  description:
    'Starts a rollout, or changes the weights of the one that runs. A subject always gets the same version; when weights change, only as many subjects as must get another one. Weights are percent and add up to 100. The version that is live in full has to be one of the arms: requests without a subject get it, and a rollback returns to it. Activate a version to end the rollout.',
  params: z.strictObject({ name: promptName }),
  body: RollOutPrompt.omit({ name: true }),
  replies: {
    200: {
      when: 'rolled out; "version" is the one that was live in full',
      schema: RolloutActivation,
      example: {
        version: 1,
        previousVersion: 1,
        revision: 2,
        committedAt: '2026-11-12T14:02:11.204Z',
        appliedAt: '2026-11-12T14:02:11.210Z',
        arms,
      },
    },
    202: asked,
  },
  errors: {
    not_found: 'There is no such prompt, or no such version (field arms).',
    conflict:
      'Nothing is live yet, the version that is live in full is not among the arms, somebody was faster, or another change waits for approval.',
  },
  example: { params: { name: 'support/reply' }, body: { arms, reason: 'Try the shorter one' } },
  handle: async ({ params, body, key, stores }) => {
    const caller = callerOf(stores, key)
    return movedOrAsked(await orAsk(caller, () => rollOutPrompt(caller, { ...params, ...body })))
  },
})

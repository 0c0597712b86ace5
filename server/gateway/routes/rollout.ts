import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { route } from '@/server/gateway/route'
import {
  RollOutAnyhow,
  type RolloutStatus as Status,
  RolloutStatus,
  StopGuardedRollout,
} from '@/server/services/prompts/guarded-rollout.schema'
import { orAsk } from '@/server/services/prompts/or-ask'
import { promptChannel, promptName, RolloutActivation } from '@/server/services/prompts/prompts.schema'
import { rollOutPrompt } from '@/server/services/prompts/roll-out-prompt'
import { rolloutStatus } from '@/server/services/prompts/rollout-status'
import { startGuardedRollout } from '@/server/services/prompts/start-guarded-rollout'
import { stopGuardedRollout } from '@/server/services/prompts/stop-guarded-rollout'
import { asked, movedOrAsked } from './asked'

const arms = [
  { version: 1, weight: 90 },
  { version: 2, weight: 10 },
]

const params = z.strictObject({ name: promptName })

export const rollOut = route({
  method: 'POST',
  path: '/v1/prompts/:name/rollout',
  scope: 'operator',
  summary: 'Serve several versions by weight',
  description:
    'Starts a rollout, or changes the weights of the one that runs. A subject always gets the same version; when weights change, only as many subjects as must get another one. Weights are percent and add up to 100. The version that is live in full has to be one of the arms: requests without a subject get it, and a rollback returns to it. Activate a version to end the rollout. With "guard" instead of "arms" a version is served to the first step\'s share, widens by itself while it stays within its limits against the version that is live, and is rolled back, with its figures as the reason, when it does not.',
  params,
  body: RollOutAnyhow,
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
      'Nothing is live yet, the version that is live in full is not among the arms, a guard watches already, somebody was faster, or another change waits for approval.',
  },
  example: { params: { name: 'support/reply' }, body: { arms, reason: 'Try the shorter one' } },
  handle: async ({ params, body: { arms, guard, ...body }, key, stores }) => {
    const caller = callerOf(stores, key)
    return movedOrAsked(
      await orAsk(caller, () =>
        guard
          ? startGuardedRollout(caller, { ...params, ...body, guard })
          : rollOutPrompt(caller, { ...params, ...body, arms: arms ?? [] }),
      ),
    )
  },
})

const guarded: Status = {
  name: 'support/reply',
  channel: 'production',
  version: 1,
  revision: 2,
  arms,
  guard: {
    id: '6f1c7b0e-5f6f-4c3c-9b43-0c7c0a6e2a55',
    version: 2,
    baseVersion: 1,
    state: 'running',
    steps: [10, 50, 100],
    step: 0,
    stepStartedAt: '2026-11-12T14:02:11.204Z',
    observeSeconds: 600,
    minRequests: 200,
    limits: { costPercent: 20, latencyP95Percent: 30, errorRatePoints: 1, hitRatePoints: 5 },
    verdict: null,
    revision: 2,
    startedBy: 'ci',
    startedAt: '2026-11-12T14:02:11.204Z',
    endedAt: null,
    endedReason: null,
  },
}

export const showRollout = route({
  method: 'GET',
  path: '/v1/prompts/:name/rollout',
  scope: 'operator',
  summary: 'How a rollout goes',
  description:
    "What the channel serves by weight, and the guard that watches it or watched last: its step, the figures of its newest look with intervals, each limit's verdict, and why it ended.",
  params,
  query: z.strictObject({ channel: promptChannel.default('production') }),
  replies: {
    200: { when: 'found; "arms" is null while one version is live in full', schema: RolloutStatus, example: guarded },
  },
  errors: { not_found: 'There is no such prompt.' },
  example: { params: { name: 'support/reply' } },
  handle: ({ params, query, stores }) => rolloutStatus(stores, { ...params, ...query }),
})

export const stopGuard = route({
  method: 'DELETE',
  path: '/v1/prompts/:name/rollout/guard',
  scope: 'operator',
  summary: 'Stop watching a rollout',
  description: 'The weights stay as they are; nothing widens or rolls back by itself any more.',
  params,
  query: StopGuardedRollout.omit({ name: true }),
  replies: { 204: { when: 'stopped', schema: null } },
  errors: { not_found: 'There is no such prompt.', conflict: 'Nothing is watched.' },
  example: { params: { name: 'support/reply' } },
  handle: async ({ params, query, key, stores }) => {
    await stopGuardedRollout(callerOf(stores, key), { ...params, ...query })
    return reply(204)
  },
})

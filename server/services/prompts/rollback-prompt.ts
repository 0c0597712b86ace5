import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { type Along, moveActivePrompt } from './move-active-prompt'
import type { Activation, RollbackPrompt } from './prompts.schema'
import { rollbackTarget } from './rollback-target'

/**
 * Back to what was live in full before: a step down a stack, not a toggle, so that the next rollback goes further back.
 * @throws AppError `not_found`; `conflict` when there is nothing to go back to or somebody else was faster.
 */
export async function rollbackPrompt(caller: Caller, input: RollbackPrompt, along?: Along): Promise<Activation> {
  requireRole(caller.actor, 'prompts.rollback')
  const { name, channel, reason = null } = input
  const { promptId, from, to } = await rollbackTarget(caller, { name, channel })
  const { version, rollbackRevision } = to
  const move = { kind: 'rollback', promptId, name, channel, version, rollout: null, from } as const
  return moveActivePrompt(caller, { ...move, rollbackRevision, reason }, along)
}

import { selectActivationTarget } from '@/db/postgres/queries/prompts'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { moveActivePrompt, movedMeanwhile } from './move-active-prompt'
import type { ActivatePrompt, Activation } from './prompts.schema'
import { unknownPrompt, unknownVersion } from './unknown'

/**
 * Makes a version what a channel serves. The pointer is read before the transaction: who read the same revision and
 * commits later gets 409 (R3). @throws AppError `not_found` with the field, `conflict`.
 */
export async function activatePrompt(caller: Caller, input: ActivatePrompt): Promise<Activation> {
  requireRole(caller.actor, 'prompts.activate')
  const { name, version, channel, expectedRevision, reason = null } = input
  const target = await selectActivationTarget(caller.db, { name, channel, version })
  if (!target) throw unknownPrompt(name)
  if (target.version === null) throw unknownVersion(name, version)
  const { promptId, liveVersion, liveRevision } = target
  if (expectedRevision !== undefined && expectedRevision !== (liveRevision ?? 0)) throw movedMeanwhile(name, channel)

  const from = liveVersion === null || liveRevision === null ? null : { version: liveVersion, revision: liveRevision }
  // To activate the same version again is no step that a rollback should have to undo.
  const rollbackRevision = from?.version === version ? target.rollbackRevision : (from?.revision ?? null)
  return moveActivePrompt(caller, {
    kind: 'activate',
    promptId,
    name,
    channel,
    version,
    from,
    rollbackRevision,
    reason,
  })
}

import { selectExisting } from '@/db/postgres/queries/prompt-moves'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { type Along, moveActivePrompt } from './move-active-prompt'
import { readPointer } from './pointer'
import type { ActivatePrompt, Activation } from './prompts.schema'
import { unknownVersion } from './unknown'

/**
 * Makes a version what a channel serves to everybody; a rollout ends with it. The pointer is read before the transaction:
 * who read the same revision and commits later gets 409 (R3). @throws AppError `not_found` with the field, `conflict`.
 */
export async function activatePrompt(caller: Caller, input: ActivatePrompt, along?: Along): Promise<Activation> {
  requireRole(caller.actor, 'prompts.activate')
  const { name, version, channel, expectedRevision, reason = null } = input
  const { promptId, live, full } = await readPointer(caller, { name, channel, expectedRevision })
  const [known] = await selectExisting(caller.db, { promptId, versions: [version] })
  if (known === undefined) throw unknownVersion(name, version)

  // To activate the same version again is no step that a rollback should have to undo.
  const rollbackRevision = full?.version === version ? full.rollbackRevision : (full?.revision ?? null)
  const move = { kind: 'activate', promptId, name, channel, version, rollout: null, from: live } as const
  return moveActivePrompt(caller, { ...move, rollbackRevision, reason }, along)
}

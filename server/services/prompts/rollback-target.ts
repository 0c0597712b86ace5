import { selectRollbackTarget } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import type { PromptOnChannel } from './prompts.schema'
import { unknownPrompt } from './unknown'

/**
 * What is live on a channel and what was live before it, however many rollbacks ago. @throws AppError `not_found`;
 * `conflict` when there is nothing to go back to.
 */
export async function rollbackTarget({ db }: Pick<Stores, 'db'>, { name, channel }: PromptOnChannel) {
  const found = await selectRollbackTarget(db, { name, channel })
  if (!found) throw unknownPrompt(name)
  const { promptId, liveVersion, liveRevision, toVersion, toRevision } = found
  if (liveVersion === null || liveRevision === null || toVersion === null || toRevision === null)
    throw new AppError('conflict', `There is nothing to go back to: nothing was live before on ${channel}.`, {
      field: 'channel',
    })
  return {
    promptId,
    from: { version: liveVersion, revision: liveRevision },
    to: { version: toVersion, revision: toRevision, rollbackRevision: found.toRollbackRevision },
  }
}

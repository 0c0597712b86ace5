import type { Stores } from '@/server/services/context'
import type { PromptOnChannel } from './prompts.schema'
import { rollbackTarget } from './rollback-target'

/** From where to where a rollback would go. @throws AppError as the rollback itself would. */
export async function previewRollback(stores: Pick<Stores, 'db'>, input: PromptOnChannel) {
  const { from, to } = await rollbackTarget(stores, input)
  return {
    from: { version: from.version, revision: from.revision },
    to: { version: to.version, revision: to.revision },
  }
}

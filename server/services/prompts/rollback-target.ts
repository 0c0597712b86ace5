import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { readPointer } from './pointer'
import type { PromptOnChannel } from './prompts.schema'

/**
 * What is live on a channel and what was live in full before it, however many rollbacks and steps of a rollout ago.
 * @throws AppError `not_found`; `conflict` when there is nothing to go back to.
 */
export async function rollbackTarget(stores: Pick<Stores, 'db'>, { name, channel }: PromptOnChannel) {
  const { promptId, live, back } = await readPointer(stores, { name, channel })
  if (!live || !back)
    throw new AppError('conflict', `There is nothing to go back to: nothing was live before on ${channel}.`, {
      field: 'channel',
    })
  return { promptId, from: live, to: back }
}

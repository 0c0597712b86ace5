import { selectPointer } from '@/db/postgres/queries/prompt-moves'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import type { PromptOnChannel } from './prompts.schema'
import { unknownPrompt } from './unknown'

type Seen = PromptOnChannel & { expectedRevision?: number }

/**
 * Where a channel's pointer stands. `full` is the move that made one version live for everybody: the newest, or, while a
 * rollout runs, the one before it began. @throws AppError `not_found`; `conflict` when another revision was expected.
 */
export async function readPointer({ db }: Pick<Stores, 'db'>, { name, channel, expectedRevision }: Seen) {
  const pointer = await selectPointer(db, { name, channel })
  if (!pointer) throw unknownPrompt(name)
  const { promptId, live, back } = pointer
  if (expectedRevision !== undefined && expectedRevision !== (live?.revision ?? 0)) throw movedMeanwhile(name, channel)
  return { promptId, live, back, full: live?.rollout ? back : live }
}

export const movedMeanwhile = (name: string, channel: string) =>
  new AppError('conflict', `Somebody else just changed what ${name} serves on ${channel}. Look again, then repeat.`, {
    field: 'expectedRevision',
  })

import { insertPrompt } from '@/db/postgres/queries/prompts'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { CreatePrompt } from './prompts.schema'

/** A prompt without versions yet. @throws AppError `conflict` when the name is taken. */
export async function createPrompt(caller: Caller, { name, ...rest }: CreatePrompt) {
  const description = rest.description ?? null
  return change(caller, 'prompts.create', async (tx) => {
    const created = await insertPrompt(tx, { name, description, createdBy: caller.actor.name })
    if (!created) throw new AppError('conflict', `There is a prompt named ${name} already.`, { field: 'name' })
    return { result: { name, description }, audit: { target: name, after: { description } } }
  })
}

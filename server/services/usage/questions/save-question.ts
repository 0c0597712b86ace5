import { insertQuestion, MOST_QUESTIONS } from '@/db/postgres/queries/questions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SaveQuestion } from './questions.schema'

/** @throws AppError `conflict` when the name is taken, or when there are too many. */
export async function saveQuestion(caller: Caller, input: SaveQuestion): Promise<{ id: string }> {
  return change(caller, 'usage.save-question', async (tx) => {
    const saved = await insertQuestion(tx, { ...input, createdBy: caller.actor.name })
    if (saved === 'full')
      throw new AppError('conflict', `There are ${MOST_QUESTIONS} questions already: delete some first.`)
    if (saved === 'taken')
      throw new AppError('conflict', `There is a question ${input.name} already.`, { field: 'name' })
    return { result: saved, audit: { target: input.name, after: input } }
  })
}

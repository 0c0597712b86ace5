import * as questions from '@/db/postgres/queries/questions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { QuestionId } from './questions.schema'

/** @throws AppError `not_found`. */
export async function deleteQuestion(caller: Caller, { id }: QuestionId): Promise<{ id: string }> {
  return change(caller, 'usage.delete-question', async (tx) => {
    const before = await questions.deleteQuestion(tx, id)
    if (!before) throw new AppError('not_found', 'There is no such question.')
    return { result: { id }, audit: { target: before.name, before } }
  })
}

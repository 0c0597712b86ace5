import { selectQuestions } from '@/db/postgres/queries/questions'
import type { Stores } from '@/server/services/context'

/** What operators saved, by name. */
export async function listQuestions({ db }: Pick<Stores, 'db'>) {
  const questions = await selectQuestions(db)
  return questions.map(({ createdAt, ...question }) => ({ ...question, createdAt: createdAt.toISOString() }))
}
export type SavedQuestion = Awaited<ReturnType<typeof listQuestions>>[number]

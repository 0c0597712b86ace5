import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** The views that a question can be of. */
export const questionPaths = [
  '/usage',
  '/usage/requests',
  '/usage/compare',
  '/usage/conversations',
  '/usage/savings',
] as const

export const SaveQuestion = z.strictObject({
  name: text(80).transform((name) => name.trim()),
  path: z.enum(questionPaths),
  search: z
    .string()
    .max(2_000)
    .regex(/^(\?[\x21-\x7e]*)?$/, 'must be the search part of an address, percent-encoded'),
})
export type SaveQuestion = z.output<typeof SaveQuestion>

export const QuestionId = z.strictObject({ id: z.uuid() })
export type QuestionId = z.output<typeof QuestionId>

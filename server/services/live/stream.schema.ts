import { z } from 'zod'
import { text } from '@/server/services/text.schema'

/** What a process calls itself towards Engram: made once at its start, and used for nothing else. */
export const processId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,100}$/, 'must be 1 to 100 of A-Z, a-z, 0-9, ., _, : and -')

const processName = text(100).refine((name) => !/\p{Cc}/u.test(name), 'must not contain control characters')

export const FollowStream = z
  .strictObject({
    process: processId.optional().describe('with it the caller counts as a process that serves prompts'),
    name: processName.optional().describe('what people call that process'),
    beat: z.coerce.number().pipe(z.int().min(20).max(1_000)).optional().describe('milliseconds between beats'),
  })
  .refine(({ process, name }) => name === undefined || process !== undefined, {
    path: ['process'],
    message: 'is missing: a name alone makes no process',
  })
export type FollowStream = z.infer<typeof FollowStream>

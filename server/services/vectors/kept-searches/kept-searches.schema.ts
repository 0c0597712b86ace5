import { z } from 'zod'

export const SetKeeping = z.strictObject({ keep: z.boolean() })
export type SetKeeping = z.output<typeof SetKeeping>

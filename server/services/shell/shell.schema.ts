import { z } from 'zod'

export const findInput = z.strictObject({ search: z.string().max(200) })
export type FindInput = z.infer<typeof findInput>

import { z } from 'zod'

export const Find = z.strictObject({ search: z.string().max(200) })
export type Find = z.infer<typeof Find>

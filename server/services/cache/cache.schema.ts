import { z } from 'zod'
import type { CountedFamily } from '@/db/postgres/schema/cache'
import { Scope } from '@/server/services/scope.schema'
import { text } from '@/server/services/text.schema'

export const countedFamilies = [
  'answers',
  'prompts',
  'sessions',
  'flags',
  'kv',
  'memory',
] as const satisfies readonly CountedFamily[]

/** What the Cache page looks at: a scope, one namespace of the answer cache or all, and whose look-ups it takes apart. */
export const cacheScope = Scope.safeExtend({
  namespace: text(200).nullable(),
  family: z.enum(countedFamilies).nullable().default(null),
})
export type CacheScope = z.infer<typeof cacheScope>

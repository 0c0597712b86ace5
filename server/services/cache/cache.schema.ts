import type { z } from 'zod'
import { Scope } from '@/server/services/scope.schema'
import { text } from '@/server/services/text.schema'

/** What the Cache page looks at: a scope, and one namespace or all of them. */
export const cacheScope = Scope.safeExtend({ namespace: text(200).nullable() })
export type CacheScope = z.infer<typeof cacheScope>

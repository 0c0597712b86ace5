import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { countedFamilies } from '@/server/services/cache/cache.schema'
import { text } from '@/server/services/text.schema'

/** What the Cache page keeps in its address beside the scope. */
export const cacheParams = { namespace: parseAsString, family: parseAsStringLiteral(countedFamilies) }
export const loadCacheParams = createLoader(cacheParams)

const name = text(200)

/** A namespace that could exist, or none: an address may say anything. */
export const namespaceOf = (typed: string | null): string | null =>
  typed && name.safeParse(typed).success ? typed : null

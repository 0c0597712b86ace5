import { countKeptSearches, SLOTS } from '@/db/postgres/queries/vectors-kept-searches'
import type { Stores } from '@/server/services/context'

/** How many searches are kept, of how many tenants, in how many bytes; and of one tenant at the most. */
export const keptSearches = async ({ db }: Pick<Stores, 'db'>) => ({ ...(await countKeptSearches(db)), most: SLOTS })

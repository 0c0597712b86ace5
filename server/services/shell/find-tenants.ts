import { searchTenants } from '@/db/postgres/queries/shell'
import type { Stores } from '@/server/services/context'
import type { Find } from './shell.schema'

/** Tenants whose slug or name holds the text, by slug; `more` when there are others. */
export const findTenants = ({ db }: Pick<Stores, 'db'>, { search }: Find) => searchTenants(db, search.trim())

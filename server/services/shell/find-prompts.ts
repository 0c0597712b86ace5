import { searchPrompts } from '@/db/postgres/queries/shell'
import type { Stores } from '@/server/services/context'
import type { Find } from './shell.schema'

/** Prompts whose name holds the text, by name; `more` when there are others. */
export const findPrompts = ({ db }: Pick<Stores, 'db'>, { search }: Find) => searchPrompts(db, search.trim())

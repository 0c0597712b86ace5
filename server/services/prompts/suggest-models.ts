import { knownModels } from '@/db/postgres/queries/prompt-search'
import type { Stores } from '@/server/services/context'

const SUGGESTED = 100

/** Models that prompts were written for or that have a price, those used last first. */
export const suggestModels = ({ db }: Pick<Stores, 'db'>) => knownModels(db, { limit: SUGGESTED })

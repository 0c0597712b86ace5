import type { Stores } from '@/server/services/context'
import { runDuels } from '@/server/services/kv/run-duels'

/** Fights the duel that somebody asked for in the console. */
export const runKvDuels = (stores: Stores) => runDuels(stores)

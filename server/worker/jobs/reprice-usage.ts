import type { Stores } from '@/server/services/context'
import { runCorrections } from '@/server/services/usage/prices/run-corrections'

/** Previews and corrections of prices that operators asked for; a worker that was killed is followed by the next. */
export const repriceUsage = (stores: Pick<Stores, 'db'>) => runCorrections(stores)

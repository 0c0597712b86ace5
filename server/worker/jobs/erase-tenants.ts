import { runErasures } from '@/server/services/tenants/run-erasures'
import type { Stores } from '@/server/services/context'

/** Erasures that operators asked for in the console, and those whose process was killed. */
export const eraseTenants = (stores: Stores) => runErasures(stores)

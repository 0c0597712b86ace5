import type { Stores } from '@/server/services/context'
import * as budgets from '@/server/services/usage/budgets/watch-budgets'

/** Counts every budget, reconciles what decides, and tells of the thresholds that were reached; two workers at once tell each of them once. */
export const watchBudgets = (stores: Stores) => budgets.watchBudgets(stores)

/** Where every budget leads; budgets of a key are counted here, because every call is read for them. */
export const forecastBudgets = (stores: Stores) => budgets.forecastBudgets(stores)

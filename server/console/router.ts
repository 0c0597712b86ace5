import { budgets } from './routers/budgets'
import { cache } from './routers/cache'
import { live } from './routers/live'
import { overview } from './routers/overview'
import { prices } from './routers/prices'
import { prompts } from './routers/prompts'
import { savings } from './routers/savings'
import { settings } from './routers/settings'
import { shell } from './routers/shell'
import { usage } from './routers/usage'
import { createCallerFactory, router } from './trpc'

/** One line per topic. */
export const appRouter = router({
  budgets,
  cache,
  live,
  overview,
  prices,
  prompts,
  savings,
  settings,
  shell,
  usage,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)

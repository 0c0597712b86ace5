import { cache } from './routers/cache'
import { live } from './routers/live'
import { overview } from './routers/overview'
import { settings } from './routers/settings'
import { shell } from './routers/shell'
import { createCallerFactory, router } from './trpc'

/** One line per topic. */
export const appRouter = router({
  cache,
  live,
  overview,
  settings,
  shell,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)

import { live } from './routers/live'
import { settings } from './routers/settings'
import { shell } from './routers/shell'
import { createCallerFactory, router } from './trpc'

/** One line per topic. */
export const appRouter = router({
  live,
  settings,
  shell,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)

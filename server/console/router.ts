import { budgets } from './routers/budgets'
import { cache } from './routers/cache'
import { flags } from './routers/flags'
import { leaderboards } from './routers/leaderboards'
import { kv } from './routers/kv'
import { limits } from './routers/limits'
import { conversations } from './routers/conversations'
import { live } from './routers/live'
import { overview } from './routers/overview'
import { prices } from './routers/prices'
import { prompts } from './routers/prompts'
import { redisKeys } from './routers/redis-keys'
import { savings } from './routers/savings'
import { sessions } from './routers/sessions'
import { settings } from './routers/settings'
import { shell } from './routers/shell'
import { tenants } from './routers/tenants'
import { usage } from './routers/usage'
import { embedding } from './routers/embedding'
import { vectors } from './routers/vectors'
import { createCallerFactory, router } from './trpc'

/** One line per topic. */
export const appRouter = router({
  budgets,
  cache,
  conversations,
  flags,
  leaderboards,
  kv,
  limits,
  live,
  overview,
  prices,
  prompts,
  redisKeys,
  savings,
  sessions,
  settings,
  shell,
  tenants,
  usage,
  embedding,
  vectors,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)

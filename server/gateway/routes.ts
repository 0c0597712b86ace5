import type { Route } from './route'
import { approvalRoutes } from './routes/approvals'
import { budgetRoutes } from './routes/budgets'
import { cacheRoutes } from './routes/cache'
import { confirmationRoutes } from './routes/confirmations'
import { docsRoutes } from './routes/docs'
import { erasureRoutes } from './routes/erasures'
import { flagRoutes } from './routes/flags'
import { healthRoutes } from './routes/health'
import { leaderboardRoutes } from './routes/leaderboards'
import { kvRoutes } from './routes/kv'
import { limitRoutes } from './routes/limits'
import { logOutRoutes } from './routes/log-outs'
import { priceRoutes } from './routes/prices'
import { promptHistoryRoutes } from './routes/prompt-histories'
import { promptRoutes } from './routes/prompts'
import { sessionRoutes } from './routes/sessions'
import { streamRoutes } from './routes/stream'
import { tenantRoutes } from './routes/tenants'
import { traceRoutes } from './routes/traces'
import { usageRoutes } from './routes/usage'
import { vectorLoadRoutes } from './routes/vector-loads'
import { vectorRoutes } from './routes/vectors'
import { whatWasLiveRoutes } from './routes/what-was-live'
import type { Services } from './services'

/** Every call of the gateway, in the order in which /docs shows them. */
export function gatewayRoutes(services: Services): Route[] {
  const routes = [
    ...promptRoutes(services),
    ...promptHistoryRoutes(),
    ...approvalRoutes(),
    ...whatWasLiveRoutes(),
    ...streamRoutes(services),
    ...confirmationRoutes(services),
    ...usageRoutes(services),
    ...traceRoutes(services),
    ...budgetRoutes(services),
    ...kvRoutes(services),
    ...limitRoutes(services),
    ...priceRoutes(),
    ...cacheRoutes(services),
    ...sessionRoutes(services),
    ...logOutRoutes(),
    ...vectorRoutes(services),
    ...vectorLoadRoutes(),
    ...flagRoutes(services),
    ...leaderboardRoutes(services),
    ...tenantRoutes(),
    ...erasureRoutes(),
    ...healthRoutes(services),
  ]
  return [...routes, ...docsRoutes(routes)]
}

import type { Route } from './route'
import { healthRoutes } from './routes/health'
import type { Services } from './services'

/** Every call of the gateway, in the order in which /docs shows them. */
export function gatewayRoutes(services: Services): Route[] {
  return [...healthRoutes(services)]
}

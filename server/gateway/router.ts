import type { IncomingMessage, ServerResponse } from 'node:http'
import findMyWay from 'find-my-way'
import { AppError } from '@/server/errors'
import { type Method, type Route } from './route'

const METHODS: Method[] = ['GET', 'PUT', 'POST', 'DELETE']
/** Names are limited by their schemas, which say so; the router must not hide a long one behind a 404. */
const MAX_PARAM_LENGTH = 16 * 1024

export type Found = { route: Route; params: Record<string, string | undefined>; query: string }

/** Finds the route of a request line; throws what its caller shall see when there is none. */
export function createRouter(routes: readonly Route[]) {
  // The query string is parsed by us, once it is known that the call takes one.
  const router = findMyWay<findMyWay.HTTPVersion.V1>({
    maxParamLength: MAX_PARAM_LENGTH,
    querystringParser: (text) => text,
    onBadUrl: () => {},
  })
  const never = (_request: IncomingMessage, _response: ServerResponse) => {}
  for (const route of routes) router.on(route.method, route.path, never, { route })

  return (method: string, url: string): Found => {
    const found = router.find(method === 'HEAD' ? 'GET' : (method as Method), url)
    if (found === null) throw notFound(router, url)
    if (found.store === null)
      throw new AppError('bad_request', 'The path is not percent-encoded UTF-8.', { field: 'path' })
    const store: { route: Route } = found.store
    return { route: store.route, params: found.params, query: found.searchParams as unknown as string }
  }
}

/** Carries what the header Allow must say. */
export class MethodNotAllowed extends AppError {
  constructor(readonly allow: Method[]) {
    super('not_found', `This path answers to ${allow.join(', ')}.`)
  }
}

function notFound(router: findMyWay.Instance<findMyWay.HTTPVersion.V1>, url: string) {
  const allow = METHODS.filter((method) => router.find(method, url)?.store != null)
  return allow.length > 0
    ? new MethodNotAllowed(allow)
    : new AppError('not_found', 'There is no such call. /docs lists all of them.', { field: 'path' })
}

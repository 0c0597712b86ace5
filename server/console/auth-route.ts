import { authFor } from './auth'
import { consoleStores } from './stores'

/** All that browsers need of better-auth; whatever else it serves stays closed. */
const open: Record<'GET' | 'POST', readonly string[]> = {
  GET: ['/api/auth/magic-link/verify'],
  POST: ['/api/auth/sign-in/email', '/api/auth/sign-out'],
}

export async function handleAuth(request: Request): Promise<Response> {
  const method = request.method === 'GET' ? 'GET' : 'POST'
  if (!open[method].includes(new URL(request.url).pathname)) return new Response('Not found', { status: 404 })
  return authFor(consoleStores()).handler(request)
}

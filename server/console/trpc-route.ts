import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { serverEnv } from '@/server/env'
import { logError } from '@/server/log'
import { createContext } from './context'
import { isFromOurPages } from './origins'
import { appRouter } from './router'
import { asTrpcError } from './trpc-errors'

const MAX_BODY_BYTES = 2_000_000

/** tRPC over HTTP. A GET only reads; a POST must be JSON of known length, sent by our own pages. */
export async function handleTrpc(request: Request): Promise<Response> {
  const refusal = request.method === 'POST' ? refuse(request.headers) : null
  if (refusal) return Response.json({ error: { message: refusal.message } }, { status: refusal.status })
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize: 20,
    createContext: () => createContext(request.headers).catch((error: unknown) => Promise.reject(asTrpcError(error))),
    onError: ({ error, path }) => {
      const mapped = asTrpcError(error)
      if (mapped.code === 'INTERNAL_SERVER_ERROR') logError('trpc', mapped.cause ?? mapped, { path })
    },
  })
}

function refuse(headers: Headers): { status: number; message: string } | null {
  if (!headers.get('content-type')?.toLowerCase().startsWith('application/json'))
    return { status: 415, message: 'Send application/json.' }
  if (!isFromOurPages(headers, serverEnv().consoleUrl))
    return { status: 403, message: 'Only pages of this console may change something.' }
  const length = headers.get('content-length')
  if (length === null) return { status: 411, message: 'Send the length of the body.' }
  return Number(length) > MAX_BODY_BYTES ? { status: 413, message: 'The body is too large.' } : null
}

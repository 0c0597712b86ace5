import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { serverEnv } from '@/server/env'
import { logError } from '@/server/log'
import { MAX_DOCUMENT_BYTES } from '@/server/services/prompts/history.schema'
import { createContext } from './context'
import { isFromOurPages } from './origins'
import { appRouter } from './router'
import { asTrpcError } from './trpc-errors'

/** A content of 1 MB whose characters are all escaped, and a history with what surrounds it. */
const MAX_BODY_BYTES = 6_500_000
const MAX_IMPORT_BYTES = MAX_DOCUMENT_BYTES + 100_000

/** tRPC over HTTP. A GET only reads; a POST must be JSON of known length, sent by our own pages. */
export async function handleTrpc(request: Request): Promise<Response> {
  const refusal = request.method === 'POST' ? refuse(request) : null
  if (refusal) return Response.json({ error: { message: refusal.message } }, { status: refusal.status })
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize: 20,
    // Names of keys in Redis may be longer than any address: they are asked for by POST.
    allowMethodOverride: true,
    createContext: () => createContext(request.headers).catch((error: unknown) => Promise.reject(asTrpcError(error))),
    onError: ({ error, path }) => {
      const mapped = asTrpcError(error)
      if (mapped.code === 'INTERNAL_SERVER_ERROR') logError('trpc', mapped.cause ?? mapped, { path })
    },
  })
}

function refuse({ headers, url }: Request): { status: number; message: string } | null {
  if (!headers.get('content-type')?.toLowerCase().startsWith('application/json'))
    return { status: 415, message: 'Send application/json.' }
  if (!isFromOurPages(headers, serverEnv().consoleUrl))
    return { status: 403, message: 'Only pages of this console may change something.' }
  const length = headers.get('content-length')
  if (length === null) return { status: 411, message: 'Send the length of the body.' }
  const limit = new URL(url).pathname.endsWith('/prompts.import') ? MAX_IMPORT_BYTES : MAX_BODY_BYTES
  return Number(length) > limit ? { status: 413, message: 'The body is too large.' } : null
}

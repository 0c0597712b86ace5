import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AppError, ErrorCode } from '@/server/errors'
import { type Reply, reply } from './reply'
import { MethodNotAllowed } from './router'

export const statusOf = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>

const RETRY_AFTER_SECONDS = 1

/** An expected error on the wire: `{"error":{"code","message","field"?}}`. */
export function errorReply(error: AppError): Reply {
  const { code, message, field } = error
  const status = error instanceof MethodNotAllowed ? 405 : statusOf[code]
  const headers: OutgoingHttpHeaders = {}
  if (status === 503 || status === 429) headers['retry-after'] = String(RETRY_AFTER_SECONDS)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (error instanceof MethodNotAllowed) headers.allow = error.allow.join(', ')
  return reply(status, { error: { code, message, field } }, headers)
}

/** What the caller sees of an error that nobody expected; the log has the rest. */
export const unexpectedReply = (requestId: string) =>
  reply(500, { error: { code: 'internal', message: `Something went wrong here. Our log knows it as ${requestId}.` } })

const LINGER_MS = 1_000

export function respond(request: IncomingMessage, response: ServerResponse, answer: Reply, closing: boolean): void {
  const { status, body } = answer
  const headers: OutgoingHttpHeaders =
    body === null ? { ...answer.headers } : { 'content-type': answer.contentType, ...answer.headers }
  if (body !== null) headers['content-length'] = Buffer.byteLength(body)
  const unread = !request.complete && (request.method === 'POST' || request.method === 'PUT')
  if (closing || unread) headers.connection = 'close'
  response.writeHead(status, headers)
  if (!unread || body === null) return void response.end(body ?? undefined)
  response.write(body)
  linger(request, response)
}

/**
 * A body that we refused is still on its way. To close at once would reset the connection before the caller has read
 * our answer; so what comes is thrown away for a moment first.
 */
function linger(request: IncomingMessage, response: ServerResponse) {
  const end = () => {
    clearTimeout(timer)
    if (!response.writableEnded) response.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  request.once('end', end).once('close', end).resume()
}

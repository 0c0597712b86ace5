import { EngramError, type EngramErrorCode } from './errors.js'

export type Connection = {
  /** Without a slash at its end. */
  url: string
  key: string
  fetch: typeof globalThis.fetch
  /** How long one request may take, its body included. */
  deadlineMs: number
}

/** `body` is the parsed JSON, undefined where there is none. `retryAfterMs` is what a 429 or 503 asks for. */
export type Reply = { status: number; body: unknown; retryAfterMs: number | null }

type Request = { method: 'GET' | 'POST'; path: string; json?: string; deadlineMs?: number }

/** One request with its own deadline. @throws EngramError `unavailable` when no JSON came back in time. */
export async function send(to: Connection, request: Request): Promise<Reply> {
  const { method, path, json, deadlineMs = to.deadlineMs } = request
  try {
    const response = await to.fetch(to.url + path, {
      method,
      headers: { authorization: `Bearer ${to.key}`, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: json }),
      signal: AbortSignal.timeout(deadlineMs),
    })
    const text = await response.text()
    const retryAfterMs = retryAfter(response.headers.get('retry-after'))
    return { status: response.status, body: text === '' ? undefined : parse(text), retryAfterMs }
  } catch (cause) {
    const why = (cause as Error).name === 'TimeoutError' ? `no answer within ${deadlineMs} ms` : messageOf(cause)
    throw new EngramError('unavailable', `The gateway at ${to.url} cannot be reached: ${why}`, { cause })
  }
}

/** What is not JSON is not from a gateway: a proxy's page, for one. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch says "fetch failed"; what failed is in its cause. */
function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = cause as NodeJS.ErrnoException
  return message || code || String(cause)
}

function retryAfter(header: string | null): number | null {
  if (header === null) return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

const CODES: readonly string[] = ['bad_request', 'unauthorized', 'forbidden', 'not_found', 'conflict', 'too_large']

/**
 * What a reply that is no success means. Only an error in the gateway's own shape is an answer; anything else, such as
 * the 404 of a proxy with no gateway behind it, means that the gateway cannot be reached.
 */
export function errorOf(to: Connection, { status, body }: Reply): EngramError {
  const error = (body as { error?: { code?: unknown; message?: unknown; field?: unknown } } | undefined)?.error
  const code = typeof error?.code === 'string' && status < 500 && CODES.includes(error.code) ? error.code : null
  if (code === null) return new EngramError('unavailable', `The gateway at ${to.url} cannot answer: status ${status}`)
  const field = typeof error?.field === 'string' ? error.field : null
  return new EngramError(code as EngramErrorCode, String(error?.message ?? `status ${status}`), { field })
}

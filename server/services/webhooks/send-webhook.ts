import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { version } from '@/server/version'
import { deliveryDeadlineSeconds } from './webhooks.schema'
import { signedHeaders } from './sign-webhook'
import { guardedLookup, requireAllowed } from './webhook-address'

export type Outgoing = { url: string; secret: string; id: string; payload: Record<string, unknown> }
export type Outcome = { ok: boolean; status: number | null; error: string | null; durationMs: number }

const MOST_BYTES = 1_024

/**
 * One attempt. A 2xx in time is a delivery, everything else is none: redirects are not followed, and what the receiver
 * answers is not kept. Never throws: what went wrong is in the outcome.
 */
export async function sendWebhook(
  message: Outgoing,
  { deadlineMs = deliveryDeadlineSeconds * 1000 } = {},
): Promise<Outcome> {
  const started = performance.now()
  const durationMs = () => performance.now() - started
  try {
    requireAllowed(message.url)
    const status = await post(message, AbortSignal.timeout(deadlineMs))
    const ok = status >= 200 && status < 300
    return { ok, status, error: ok ? null : wordsOf(status), durationMs: durationMs() }
  } catch (error) {
    return { ok: false, status: null, error: reasonOf(error, deadlineMs), durationMs: durationMs() }
  }
}

function post({ url, secret, id, payload }: Outgoing, signal: AbortSignal): Promise<number> {
  const body = JSON.stringify(payload)
  const headers = {
    ...signedHeaders(secret, { id, timestamp: Math.floor(Date.now() / 1000), body }),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': `engram/${version}`,
  }
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    // A connection of its own: what was looked up for it is what it goes to.
    const request = send(url, { method: 'POST', headers, signal, agent: false, lookup: guardedLookup }, (response) => {
      // The status has said it. The rest is read so far that a small answer ends well; a large one is cut off.
      resolve(response.statusCode ?? 0)
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length) > MOST_BYTES && request.destroy())
      response.on('error', () => {})
    })
    request.on('error', reject)
    request.end(body)
  })
}

const wordsOf = (status: number) =>
  status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`

const MOST_CHARACTERS = 300

function reasonOf(error: unknown, deadlineMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${deadlineMs / 1000} s`
  // Node gathers the failures of several addresses into one error without a message.
  const causes = error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message
  return (causes || error.name).slice(0, MOST_CHARACTERS)
}

import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { version } from '@/server/version'
import { guardedLookup } from '@/server/services/webhooks/webhook-address'

/** What an endpoint did wrong, in words for whoever registered it; whether another try may help, and when. */
export class EndpointError extends Error {
  override name = 'EndpointError'
  constructor(
    message: string,
    readonly again: boolean,
    readonly afterMs: number | null = null,
  ) {
    super(message)
  }
}

export type Endpoint = { endpoint: string; key: string | null; model: string; dimensions: number }
/** `tokens` as the endpoint counted them; null where it did not. */
export type Embedded = { vectors: number[][]; tokens: number | null }

const MOST_SAID = 300
/** Bytes of one number in JSON, and of all that is beside the numbers. */
const NUMBER_BYTES = 32
const REST_BYTES = 1024 * 1024

/** One request of OpenAI's embeddings API: a vector per text, in their order. @throws EndpointError */
export async function askEndpoint(
  { endpoint, key, model, dimensions }: Endpoint,
  texts: readonly string[],
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal },
): Promise<Embedded> {
  const limit = AbortSignal.timeout(deadlineMs)
  const body = JSON.stringify({ model, input: texts, encoding_format: 'float' })
  const mostBytes = texts.length * dimensions * NUMBER_BYTES + REST_BYTES
  let reply: Reply
  try {
    reply = await post(addressOf(endpoint), {
      ...{ key, body, mostBytes },
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (limit.aborted) throw new EndpointError(`The endpoint did not answer within ${deadlineMs / 1000} s.`, true)
    if (error instanceof EndpointError) throw error
    throw new EndpointError(`The endpoint cannot be reached: ${reasonOf(error)}`, true)
  }
  if (reply.status < 200 || reply.status >= 300) throw refusedWith(reply)
  return vectorsOf(reply.body, texts.length, dimensions)
}

export const addressOf = (endpoint: string) => `${endpoint.replace(/\/+$/, '')}/embeddings`

type Reply = { status: number; retryAfter: string | undefined; body: string }
type Posting = { key: string | null; body: string; mostBytes: number; signal: AbortSignal }

function post(url: string, { key, body, mostBytes, signal }: Posting): Promise<Reply> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': `engram/${version}`,
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  }
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    // A connection of its own: what was looked up for it is what it goes to.
    const request = send(url, { method: 'POST', headers, signal, agent: false, lookup: guardedLookup }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        if ((bytes += chunk.length) <= mostBytes) return void chunks.push(chunk)
        request.destroy(new EndpointError(`The endpoint answered more than ${mostBytes} bytes.`, false))
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** 408, 429 and 5xx may pass; every other status is an answer. */
function refusedWith({ status, retryAfter, body }: Reply): EndpointError {
  const said = messageIn(body)
  const again = status === 408 || status === 429 || status >= 500
  const words = status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`
  return new EndpointError(`The endpoint ${words}${said ? `: ${said}` : ''}`, again, waitOf(retryAfter))
}

function messageIn(body: string): string | null {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string }
    const message = typeof error === 'string' ? error : error?.message
    return typeof message === 'string' ? message.slice(0, MOST_SAID) : null
  } catch {
    return null // a page in HTML says nothing that fits here
  }
}

/** Milliseconds of a Retry-After, which is seconds or a date. */
function waitOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

/** Takes nothing on trust: as many vectors as texts, each of the registered size, each number finite. */
function vectorsOf(body: string, texts: number, dimensions: number): Embedded {
  const wrong = (message: string, again = true) => new EndpointError(`The endpoint ${message}.`, again)
  let answer: { data?: unknown; usage?: { total_tokens?: unknown; prompt_tokens?: unknown } } | null
  try {
    answer = JSON.parse(body) as typeof answer
  } catch {
    throw wrong('answered what is no JSON')
  }
  const data = answer?.data
  if (!Array.isArray(data)) throw wrong('answered JSON without a list data')
  if (data.length !== texts) throw wrong(`answered ${data.length} vectors for ${texts} texts`)
  const vectors = new Array<number[] | undefined>(texts)
  for (const [place, entry] of (data as ({ index?: unknown; embedding?: unknown } | null)[]).entries()) {
    const index = typeof entry?.index === 'number' ? entry.index : place
    const vector = entry?.embedding
    if (!Array.isArray(vector)) throw wrong(`answered no list of numbers as vector ${place}`)
    if (vector.length !== dimensions)
      throw wrong(`answered vectors of ${vector.length} dimensions; the model is registered with ${dimensions}`, false)
    if (!vector.every((value) => typeof value === 'number' && Number.isFinite(value)))
      throw wrong(`answered a vector with something that is no finite number`)
    if (!Number.isInteger(index) || index < 0 || index >= texts || vectors[index])
      throw wrong(`answered vectors whose indexes do not match the texts`)
    vectors[index] = vector as number[]
  }
  const counted = answer?.usage?.total_tokens ?? answer?.usage?.prompt_tokens
  const tokens = typeof counted === 'number' && Number.isSafeInteger(counted) && counted >= 0 ? counted : null
  return { vectors: vectors.filter((vector) => vector !== undefined), tokens }
}

/** Node gathers the failures of several addresses into one error without a message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message
  return (text || error.name).slice(0, MOST_SAID)
}

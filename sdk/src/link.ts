import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { EngramError } from './errors.js'
import { eventStreamReader, type StreamEvent } from './event-stream.js'
import type { Connection } from './http.js'

export type Moved = { name: string; channel: string; revision: number }

export type LinkListener = {
  /** The first word came that long after our request went out: what is proven here is proven up to that much later. */
  greeted(slackMs: number): void
  /** All that was published before this instant of performance.now() has been heard on this link. */
  proven(at: number): void
  moved(moved: Moved): void
  /** Messages may be missing. */
  lost(): void
  /** Once, and last. `refused`: the gateway answered, and will say the same again. */
  ended(reason: Error, refused: boolean): void
}

/** The gateway beats every 50 ms; a link that is silent for so long is half open, or its gateway hears nothing. */
const SILENT_MS = 5_000
export const BEAT_MS = 50

/** Who this process is to the gateway. */
export type Identity = { process: string; name: string }

/** One connection to the gateway's stream. It keeps no process alive: that is why it is not a fetch. */
export function openLink(to: Connection, { process, name }: Identity, on: LinkListener) {
  let sentAt = performance.now()
  let over = false
  const end = (reason: Error, refused = false) => {
    if (over) return
    over = true
    request.destroy()
    on.ended(reason, refused)
  }

  const hear = streamListener(() => sentAt, on)
  const receive = (response: IncomingMessage) => {
    const { statusCode = 0 } = response
    if (statusCode !== 200) {
      response.resume()
      const refused = statusCode >= 400 && statusCode < 500 && statusCode !== 429
      return end(new EngramError('unavailable', `The stream was answered with status ${statusCode}`), refused)
    }
    const read = eventStreamReader((event) => !over && hear(event))
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      try {
        read(chunk)
      } catch (error) {
        end(error as Error)
      }
    })
    response.once('close', () => end(new Error('The stream was closed')))
  }

  const query = new URLSearchParams({ process, name, beat: String(BEAT_MS) })
  const request = open(`${to.url}/v1/stream?${query}`, to.key)
  request.once('response', receive)
  request.on('error', (error) => end(error))
  request.once('socket', (socket) => {
    socket.unref()
    // Ahead of the listener that sends the request: the gateway cannot have read its clock before.
    const connected = () => (sentAt = performance.now())
    socket.prependOnceListener(to.url.startsWith('https:') ? 'secureConnect' : 'connect', connected)
    socket.setTimeout(SILENT_MS, () => end(new Error(`The stream was silent for ${SILENT_MS / 1_000} s`)))
  })
  return { close: () => end(new Error('The link was closed')) }
}

export type Link = ReturnType<typeof openLink>

function open(url: string, key: string): ClientRequest {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  const opened = request(url, {
    agent: false,
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
  })
  return opened.end()
}

/**
 * The gateway read its clock for `hello` after our request went out; so what it proves at `proven` on its clock is proven
 * at least at `sentAt + (proven - hello)` on ours.
 */
function streamListener(sentAt: () => number, on: LinkListener) {
  let offset: number | null = null
  const greet = (clock: number) => {
    offset = sentAt() - clock
    on.greeted(performance.now() - sentAt())
  }
  return ({ event, data }: StreamEvent) => {
    if (event === 'hello') greet(number(data, 'clock'))
    else if (event === 'beat' && offset !== null) on.proven(offset + number(data, 'proven'))
    else if (event === 'lost') on.lost()
    else if (event === 'prompt') on.moved(readMoved(data))
  }
}

function number(data: string, field: string): number {
  const value = (JSON.parse(data) as Record<string, unknown>)[field]
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`The stream sent no ${field}: ${data}`)
  return value
}

function readMoved(data: string): Moved {
  const { name, channel } = JSON.parse(data) as Record<string, unknown>
  if (typeof name !== 'string' || typeof channel !== 'string') throw new Error(`The stream sent no prompt: ${data}`)
  return { name, channel, revision: number(data, 'revision') }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@/server/errors'
import type { EventStream } from './reply'

/** What writes to an open stream; nothing happens once it has ended. */
export type Events = {
  send(event: string, data: object): void
  /** A line that clients skip: it keeps those on the way from taking the connection for dead. */
  keepAlive(): void
  end(): void
}

/** Unsent bytes beyond which a reader is too slow: it is let go, and starts afresh when it comes back. */
const MOST_UNSENT_BYTES = 256 * 1024

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  // Nothing else is asked on it afterwards, so that an ended stream is a closed connection.
  connection: 'close',
}

/** The streams that are open on this gateway: bounded, counted, and ended together when it closes. */
export function openStreams(most: number) {
  const open = new Set<Events>()
  const counts = { messages: 0 }
  let closing = false

  const eventsOf = (response: ServerResponse): Events => {
    const write = (text: string) => {
      if (response.writableEnded || response.destroyed) return
      response.write(text)
      if (response.writableLength > MOST_UNSENT_BYTES) response.destroy()
    }
    return {
      send(event, data) {
        counts.messages++
        write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      },
      keepAlive: () => write(':\n\n'),
      end: () => void response.end(),
    }
  }

  return {
    counts: counts as Readonly<typeof counts>,
    size: () => open.size,
    /** @throws AppError `unavailable` when there are as many as there may be. */
    requireRoom() {
      if (closing) throw new AppError('unavailable', 'This gateway is closing; ask another.')
      if (open.size >= most)
        throw new AppError('unavailable', `This gateway has ${most} streams open and takes no more; try again.`)
    },
    /** Sends the head at once and hands what writes to the stream over. */
    start(request: IncomingMessage, response: ServerResponse, { begin }: EventStream) {
      if (response.destroyed) return
      response.writeHead(200, HEAD).flushHeaders()
      if (request.method === 'HEAD') return void response.end()
      const events = eventsOf(response)
      open.add(events)
      const ended = begin(events)
      response.once('close', () => {
        open.delete(events)
        ended()
      })
    },
    /** Ends all of them, and takes no more. */
    close() {
      closing = true
      for (const events of open) events.end()
    },
  }
}

export type Streams = ReturnType<typeof openStreams>

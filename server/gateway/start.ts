import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { createHandler } from './handler'
import { gatewayRoutes } from './routes'
import { gatewayServices } from './services'

type Options = {
  stores: Stores
  /** 0 takes any free port. */
  port: number
  host?: string
}

const KEEP_ALIVE_MS = 65_000
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
const DRAIN_MS = 5_000
const FLUSH_EVERY_MS = 2_000

/** Starts the gateway on stores that the caller opened, and closes after it. */
export async function startGateway({ stores, port, host }: Options) {
  const services = gatewayServices(stores)
  let closing = false
  const handler = createHandler({ routes: gatewayRoutes(services), services, closing: () => closing })
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
  })
  // 'checkContinue' is for callers that wait to be asked for their body: it is asked for once key and size are right.
  server.on('request', handler).on('checkContinue', handler).on('clientError', refuse)
  const flush = () => services.keyUses.flush()
  const timer = setInterval(() => flush().catch((error) => logError('flush failed', error)), FLUSH_EVERY_MS)
  await listen(server, port, host)
  const address = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Answers what is under way, then writes down what is only counted so far. */
    close: async () => {
      closing = true
      clearInterval(timer)
      await drain(server)
      await flush()
    },
  }
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>

function listen(server: Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

const refusals: Record<string, [number, string, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are larger than 16 kB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.'],
}

/** What is not HTTP never becomes a request; it still gets an answer in our shape. */
function refuse(error: NodeJS.ErrnoException, socket: Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, reason, message] = refusals[error.code ?? ''] ?? [400, 'Bad Request', 'This is not an HTTP request.']
  const body = JSON.stringify({ error: { code: 'bad_request', message } })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

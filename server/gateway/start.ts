import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Stores } from '@/server/services/context'
import { startSchedule } from '@/server/worker/schedule'
import { isStreamed } from './body-stream'
import { createHandler } from './handler'
import { flushAll, gatewayJobs } from './jobs'
import { refuse } from './refuse'
import { gatewayRoutes } from './routes'
import { gatewayServices, type Settings } from './services'

type Options = Settings & {
  stores: Stores
  /** 0 takes any free port. */
  port: number
  host?: string
}

const KEEP_ALIVE_MS = 65_000
const HEADERS_MS = 10_000
const REQUEST_MS = 30_000
/** Of a body that is read while it comes. */
const STREAMED_MS = 3_600_000
const DRAIN_MS = 5_000

/** Starts the gateway on stores that the caller opened, and closes after it. */
export async function startGateway({ stores, port, host, ...settings }: Options) {
  const services = gatewayServices(stores, settings)
  const handler = createHandler({ routes: gatewayRoutes(services), services })
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: STREAMED_MS,
  })
  // 'checkContinue' is for callers that wait to be asked for their body: they are asked once key and size are right.
  server.on('request', handler).on('checkContinue', handler).on('clientError', refuse)
  refuseLate(server)
  const unused = unusedConnections(server)
  await listen(server, port, host)
  const jobs = startSchedule(gatewayJobs(services))
  const address = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Answers what is under way, then writes down what is only counted so far. */
    close: async () => {
      services.state.closing = true
      services.streams.close()
      for (const socket of unused) socket.destroy()
      await drain(server)
      await services.ingest.close()
      await jobs.stop()
      await flushAll(services)
      services.close()
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

/** Node has one limit for all requests, and a body that is read while it comes may take longer than others. */
function refuseLate(server: Server): void {
  const late = Object.assign(new Error('the request did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  for (const asked of ['request', 'checkContinue'])
    server.on(asked, (request: IncomingMessage) => {
      if (request.complete) return
      const timer = setTimeout(() => {
        if (!request.complete && !isStreamed(request)) server.emit('clientError', late, request.socket)
      }, REQUEST_MS)
      request.once('close', () => clearTimeout(timer))
    })
}

/** Connections that have asked nothing yet: Node does not count them as idle, so that they would hold up the end. */
function unusedConnections(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  for (const asked of ['request', 'checkContinue'])
    server.on(asked, ({ socket }: IncomingMessage) => unused.delete(socket))
  return unused
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

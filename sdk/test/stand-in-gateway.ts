import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'never'
export type Confirmation = { process: string; prompts: { name: string; channel: string; revision: number }[] }

/** A gateway of which a test decides every word and moment: what a real one does only now and then. */
export async function standInGateway() {
  const streams: { url: URL; send: (event: string, data: object) => void; end: () => void; open: () => boolean }[] = []
  const confirmed: Confirmation[] = []
  const reads: string[] = []
  const batches: { id: string }[][] = []
  const answers = {
    prompt: (name: string): Answer | Promise<Answer> => ({ body: promptOf(name, 1) }),
    usage: (events: { id: string }[]): Answer => ({ body: { accepted: events.length, duplicates: 0, rejected: [] } }),
    /** A status other than 200 refuses streams. */
    stream: 200,
    helloAfterMs: 0,
    clockAheadMs: 0,
  }

  const openStream = (url: URL, response: ServerResponse) => {
    if (answers.stream !== 200) return void response.writeHead(answers.stream).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const send = (event: string, data: object) =>
      void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    const greet = () => send('hello', { gateway: 'stand-in', clock: performance.now() + answers.clockAheadMs })
    setTimeout(greet, answers.helloAfterMs)
    streams.push({
      url,
      send,
      end: () => void response.end(),
      open: () => !response.closed,
    })
  }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://stand-in')
    if (url.pathname === '/v1/stream') return openStream(url, response)
    const body = await bodyOf(request)
    if (url.pathname === '/v1/confirmations') confirmed.push(body as Confirmation)
    if (url.pathname === '/v1/confirmations') return void response.writeHead(204).end()
    if (url.pathname === '/v1/usage') {
      const { events } = body as { events: { id: string }[] }
      batches.push(events)
      return answer(response, answers.usage(events))
    }
    const name = decodeURIComponent(url.pathname.replace('/v1/prompts/', ''))
    reads.push(name)
    answer(response, await answers.prompt(name))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    streams,
    confirmed,
    reads,
    batches,
    answers,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export const promptOf = (name: string, revision: number) => ({
  ...{ name, channel: 'production', version: revision, revision, content: `Version ${revision}` },
  ...{ model: null, config: {}, rollout: null },
})

export const errorBody = (code: string, message: string, field?: string) => ({ error: { code, message, field } })

function answer(response: ServerResponse, reply: Answer) {
  if (reply === 'never') return
  const { status = 200, body, headers } = reply
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text === '' ? undefined : JSON.parse(text)
}

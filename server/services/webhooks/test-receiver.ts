import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { id: string; timestamp: number; signature: string; raw: string; body: Payload; at: number }
type Payload = { type: string; timestamp: string; data: Record<string, unknown> }

/**
 * A receiver of webhooks for tests; `answer` decides what each message gets, 204 without it. A webhook hears of every prompt:
 * what is not about one whose name begins with `prompts` comes from other tests, and is answered and forgotten.
 */
export async function testReceiver(
  prompts: string,
  answer?: (response: ServerResponse, nth: number, request: IncomingMessage) => void,
) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString()
      const body = JSON.parse(raw) as Payload
      if (!String(body.data.prompt ?? prompts).startsWith(prompts)) return response.writeHead(204).end()
      received.push({
        id: String(request.headers['webhook-id']),
        timestamp: Number(request.headers['webhook-timestamp']),
        signature: String(request.headers['webhook-signature']),
        raw,
        body,
        at: Date.now(),
      })
      if (answer) answer(response, received.length, request)
      else response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a receiver computes by the Standard Webhooks specification, not through the code that signs. */
export function isSigned(secret: string, { id, timestamp, signature, raw }: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${raw}`).digest()
  return signature
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .some((one) => {
      const given = Buffer.from(one.slice(3), 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
}

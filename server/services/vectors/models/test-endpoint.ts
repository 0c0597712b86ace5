import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'

type Asked = { model: string; input: string[]; authorization: string | undefined }
type Answer = (response: ServerResponse, asked: Asked, nth: number) => void | Promise<void>

/** What the endpoint makes of a text: length 1, another for every text, and nothing outside of `from` to `to`. */
export function vectorOf(text: string, dimensions: number, [from, to] = [0, dimensions]): number[] {
  const vector = new Array<number>(dimensions).fill(0)
  let state = 7
  for (const character of text) state = (state * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647
  for (let place = from; place < to; place++) {
    state = (state * 16_807 + 11) % 2_147_483_647
    vector[place] = state / 2_147_483_647 - 0.5
  }
  const length = Math.hypot(...vector)
  return vector.map((value) => Math.fround(value / length))
}

/** An endpoint of OpenAI's embeddings API, which is not ours; `answer` decides what each request gets. */
export async function testEndpoint({ dimensions, part }: { dimensions: number; part?: [number, number] }) {
  const asked: Asked[] = []
  let misbehave: Answer | null = null
  const well: Answer = (response, { input }) => {
    const data = input.map((text, index) => ({ index, embedding: vectorOf(text, dimensions, part) }))
    response.end(JSON.stringify({ data, usage: { total_tokens: 3 * input.length } }))
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Omit<Asked, 'authorization'>
      const one = { ...body, authorization: request.headers.authorization }
      asked.push(one)
      void (misbehave ?? well)(response, one, asked.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    model: {
      name: `test-${randomUUID().slice(0, 8)}`,
      dimensions,
      endpoint: `http://127.0.0.1:${port}/v1`,
      key: null,
      pricePerMillion: '0.02',
      batchSize: 4,
      requestsPerMinute: null,
    },
    asked,
    well,
    answer: (next: Answer | null) => void (misbehave = next),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

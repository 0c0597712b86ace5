import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ingestThread } from './ingest-thread'

const key = { id: null, tenants: null, simulated: false }
const run = randomUUID()
const event = (id: string) => ({
  id: `${run} ${id}`,
  tenant: 'ingest-thread',
  provider: 'openai',
  model: 'gpt-4o-mini',
  inputTokens: 10,
  outputTokens: 5,
  occurredAt: new Date().toISOString(),
})
const bodyOf = (value: unknown) => ({ bytes: Buffer.from(JSON.stringify(value)), type: 'application/json' })

describe('the ingest thread', () => {
  const ingest = ingestThread()
  afterAll(() => ingest.close())

  it('R6: records what it is given, and counts once what two callers report at the same moment', async () => {
    const body = bodyOf({ events: ['a', 'b', 'c'].map(event) })
    // While the one before is being written, the others wait, and are written together.
    const before = ingest.usage(bodyOf({ events: [event('before')] }), key)
    const replies = await Promise.all(Array.from({ length: 5 }, () => ingest.usage(body, key)))
    expect((await before).reply.accepted).toBe(1)
    const sum = (pick: (reply: { accepted: number; duplicates: number }) => number) =>
      replies.reduce((total, { reply }) => total + pick(reply), 0)
    expect(sum(({ accepted }) => accepted)).toBe(3)
    expect(sum(({ duplicates }) => duplicates)).toBe(12)
    expect(replies.filter(({ first }) => first !== null)).toHaveLength(1)
  })

  it('R6: of two payloads under one id at the same moment one is recorded, the other is a conflict', async () => {
    const replies = await Promise.all(
      [10, 11].map((inputTokens) => ingest.usage(bodyOf({ events: [{ ...event('d'), inputTokens }] }), key)),
    )
    expect(replies.map(({ reply }) => reply.accepted).sort()).toEqual([0, 1])
    expect(replies.flatMap(({ reply }) => reply.rejected)).toEqual([
      { index: 0, code: 'conflict', message: expect.stringContaining('another payload') as string, field: 'id' },
    ])
  })

  it('R13: refuses as the verb does, with the field', async () => {
    const refused = ingest.usage({ bytes: Buffer.from('{"events":[{}'), type: 'application/json' }, key)
    await expect(refused).rejects.toMatchObject({ code: 'bad_request', field: 'body' })
    await expect(ingest.usage(bodyOf({ events: 'none' }), key)).rejects.toMatchObject({ field: 'events' })
  })

  it('takes traces likewise', async () => {
    const traces = ingest.traces(bodyOf({ resourceSpans: [{ scopeSpans: [{ spans: [{}] }] }] }), key)
    expect((await traces).reply).toMatchObject({ partialSuccess: { rejectedSpans: 1 }, ignoredSpans: 0 })
    const cut = { bytes: Buffer.from('0a05', 'hex'), type: 'application/x-protobuf' }
    await expect(ingest.traces(cut, key)).rejects.toMatchObject({ code: 'bad_request', field: 'body' })
  })

  it('tells callers to come back rather than hold more than 64 MB for them', async () => {
    const large = { bytes: Buffer.alloc(33 * 1024 * 1024, ' '), type: 'application/json' }
    const [first, second] = [ingest.usage(large, key), ingest.usage(large, key)]
    await expect(second).rejects.toMatchObject({ code: 'unavailable' })
    await expect(first).rejects.toMatchObject({ code: 'bad_request' })
    const { reply } = await ingest.usage(bodyOf({ events: [event('e')] }), key)
    expect(reply.accepted).toBe(1)
  })
})

it('a thread that ends unasked answers unavailable, and the next report begins another', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'engram-')), 'ends-once.mjs')
  const answer = `port.postMessage({ id: message.id, done: { reply: 'taken', first: null } })`
  const marker = JSON.stringify(`${file}.seen`)
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs'
     import { parentPort as port } from 'node:worker_threads'
     port.on('message', (message) => {
       if (existsSync(${marker})) { ${answer}; if (message.kind === 'close') port.close(); return }
       writeFileSync(${marker}, ''); process.exit(1)
     })`,
  )
  const ingest = ingestThread({ entry: pathToFileURL(file) })
  await expect(ingest.usage(bodyOf({}), key)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await ingest.usage(bodyOf({}), key)).toMatchObject({ reply: 'taken' })
  await ingest.close()
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '@/server/errors'
import { readBytes } from './body'

const types = ['application/json', 'application/x-protobuf']
const MAX = 1024 * 1024

const server = createServer((request, response) => {
  const said = (value: unknown) => response.end(JSON.stringify(value))
  readBytes(request, response, { types, maxBytes: MAX }).then(
    ({ bytes, type }) => said({ type, hex: bytes.toString('hex') }),
    (error: unknown) => said(error instanceof AppError ? { code: error.code, field: error.field } : String(error)),
  )
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

async function send(body: Uint8Array, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: body as BodyInit,
  })
  return (await response.json()) as unknown
}
const gzip = { 'content-encoding': 'gzip' }
const payload = Buffer.from('0a021234ff', 'hex')

describe('a body as bytes', () => {
  it('comes as it was sent, packed or not, with its type', async () => {
    const whole = { type: 'application/x-protobuf', hex: '0a021234ff' }
    expect(await send(payload)).toEqual(whole)
    expect(await send(gzipSync(payload), gzip)).toEqual(whole)
    expect(await send(payload, { 'content-type': 'Application/JSON ; charset=utf-8' })).toEqual({
      type: 'application/json',
      hex: '0a021234ff',
    })
  })

  it('may be empty', async () => {
    expect(await send(Buffer.alloc(0))).toEqual({ type: 'application/x-protobuf', hex: '' })
  })

  it('R13: is refused where it is packed twice, cut off, not said to be packed, or of another type', async () => {
    const body = { code: 'bad_request', field: 'body' }
    expect(await send(gzipSync(gzipSync(payload)), gzip)).toEqual(body)
    expect(await send(gzipSync(payload).subarray(0, -4), gzip)).toEqual(body)
    expect(await send(gzipSync(payload))).toEqual(body)
    const other = { 'content-type': 'application/x-protobuf2' }
    expect(await send(payload, other)).toEqual({ code: 'unsupported_media_type', field: 'content-type' })
  })

  it('R13: is refused above the limit once unpacked, without being held', async () => {
    const tooLarge = { code: 'too_large', field: 'body' }
    const bomb = gzipSync(Buffer.alloc(100 * MAX), { level: 1 })
    expect(bomb.length).toBeLessThan(MAX)
    const before = process.memoryUsage.rss()
    expect(await send(bomb, gzip)).toEqual(tooLarge)
    expect(process.memoryUsage.rss() - before).toBeLessThan(40 * MAX)
  })
})

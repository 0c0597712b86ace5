import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UsageEvent } from '@/server/services/usage/usage.schema'
import { connectLines } from './connect-lines'

const run = promisify(execFile)
const key = `egm_app_${'k'.repeat(43)}`

let received: { path?: string; headers: IncomingHttpHeaders; body: string }[] = []
const gateway = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    if (request.url?.startsWith('/v1/stream')) return void response.writeHead(503).end()
    received.push({ path: request.url, headers: request.headers, body })
    response.setHeader('content-type', 'application/json').end('{"accepted":1,"duplicates":0,"rejected":[]}')
  })
})
beforeAll(() => new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve)))
afterAll(() => void gateway.close())
beforeEach(() => (received = []))

function lines(id: string): string {
  const { port } = gateway.address() as AddressInfo
  const found = connectLines({ gatewayUrl: `http://127.0.0.1:${port}`, key, tenant: 'acme' }).find(
    (one) => one.id === id,
  )
  if (!found) throw new Error(`There are no lines for ${id}`)
  return found.code
}

const installed = async (program: string) =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  )
/** A folder in which the SDK is installed, as it is built from here. */
const withSdk = mkdtempSync(join(tmpdir(), 'engram-connect-'))
beforeAll(async () => {
  const installed = join(withSdk, 'node_modules/@engram/sdk')
  await run('node_modules/.bin/tsc', ['-p', 'sdk', '--outDir', join(installed, 'dist')])
  copyFileSync('sdk/package.json', join(installed, 'package.json'))
}, 120_000)
afterAll(() => rmSync(withSdk, { recursive: true }))

const ways = [
  { id: 'sdk', program: 'node', args: (code: string) => ['node', '--input-type=module', '-e', code] },
  { id: 'curl', program: 'curl', args: (code: string) => ['bash', '-c', code] },
  { id: 'typescript', program: 'node', args: (code: string) => ['node', '--input-type=module', '-e', code] },
  { id: 'python', program: 'python3', args: (code: string) => ['python3', '-c', code] },
]

describe('J11: the lines, run as they stand, report one event that the gateway takes', async () => {
  const present = await Promise.all(ways.map(({ program }) => installed(program)))
  test.each(ways.filter((_, at) => present[at]))('$id', async ({ id, args }) => {
    const [program = '', ...rest] = args(lines(id))
    await run(program, rest, { cwd: withSdk })
    expect(received).toHaveLength(1)
    const [{ path, headers, body } = { headers: {}, body: '' }] = received
    expect(path).toBe('/v1/usage')
    expect(headers).toMatchObject({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })
    const { events } = JSON.parse(body) as { events: unknown[] }
    expect(UsageEvent.parse(events[0])).toMatchObject({ tenant: 'acme', model: 'gpt-4o-mini', inputTokens: 1200 })
  })
})

test('J11: the lines for OpenTelemetry name the endpoint, JSON, and the key as the variable wants it', () => {
  const code = lines('opentelemetry')
  expect(code).toMatch(/OTEL_EXPORTER_OTLP_ENDPOINT="http:\/\/127\.0\.0\.1:\d+"/)
  expect(code).toContain('OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"')
  const value = /OTEL_EXPORTER_OTLP_HEADERS="authorization=([^"]+)"/.exec(code)?.[1] ?? ''
  expect(decodeURIComponent(value)).toBe(`Bearer ${key}`)
})

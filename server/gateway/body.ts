import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AppError } from '@/server/errors'

export const MAX_BODY_BYTES = 5 * 1024 * 1024
const tooLarge = (maxBytes: number) =>
  new AppError('too_large', `The body is larger than ${maxBytes / 1024 / 1024} MB.`, { field: 'body' })
const bad = (message: string) => new AppError('bad_request', message, { field: 'body' })

/** The caller went away in the middle of its request: there is nobody to answer. */
export class CallerGone extends Error {}

/** The JSON value of a request, or undefined where it has no body; never holds more than `maxBytes` of it. */
export async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes = MAX_BODY_BYTES,
): Promise<unknown> {
  const length = request.headers['content-length']
  if (length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined)) return undefined
  if (Number(length) > maxBytes) throw tooLarge(maxBytes)
  requireJson(request.headers['content-type'])
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new AppError('unsupported_media_type', 'Content-Encoding may be gzip or absent.', {
      field: 'content-encoding',
    })
  if (request.headers.expect !== undefined) response.writeContinue()
  const bytes = await readAll(request, maxBytes)
  if (bytes.length === 0) return undefined
  return parse(encoding === 'gzip' ? await unzip(bytes, maxBytes) : bytes)
}

const SEND_JSON = 'Send the body as Content-Type: application/json.'
const SEND_OTLP_AS_JSON = 'Traces are read as JSON only for now: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json.'
const JSON_TYPE = /^application\/json *(;|$)/i

function requireJson(type: string | undefined) {
  if (type === undefined || !JSON_TYPE.test(type))
    throw new AppError('unsupported_media_type', type?.includes('protobuf') ? SEND_OTLP_AS_JSON : SEND_JSON, {
      field: 'content-type',
    })
}

function readAll(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) return void chunks.push(chunk)
      chunks.length = 0
      reject(tooLarge(maxBytes))
    })
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', () => reject(new CallerGone()))
    request.once('close', () => reject(new CallerGone()))
  })
}

const gunzipAsync = promisify(gunzip)

async function unzip(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(maxBytes)
    throw bad('The body is not what Content-Encoding says: gzip.')
  }
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw bad('The body is not UTF-8.')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new AppError('bad_request', `The body is not JSON: ${(cause as Error).message.slice(0, 200)}`, {
      field: 'body',
    })
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { admit, bad, CallerGone, NO_GZIP, tooLarge } from './body'

/** A body that is read while it comes, un-gzipped, never above its limit. */
export type BodyStream = { chunks: AsyncIterable<Buffer> }

type Limits = { types: readonly string[]; maxBytes: number }

/** Shorter than the silence after which a load is taken for dead (queries/jobs.ts). */
const SILENT_MS = 10_000

const streamed = new WeakSet<IncomingMessage>()
/** Whether this body may take its time, as long as some of it comes. */
export const isStreamed = (request: IncomingMessage) => streamed.has(request)

/** @throws AppError as readBytes does, what concerns the body itself from `chunks`; `bad_request` where it stays away. */
export function openBody(request: IncomingMessage, response: ServerResponse, limits: Limits): BodyStream {
  const { packed } = admit(request, response, limits)
  streamed.add(request)
  return { chunks: chunksOf(request, { packed, maxBytes: limits.maxBytes }) }
}

async function* chunksOf(request: IncomingMessage, { packed, maxBytes }: { packed: boolean; maxBytes: number }) {
  const source = packed ? unpacked(request) : request
  // What is left of a refused body is thrown away by whoever answers (respond.ts), not by ending the connection.
  const iterator = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, void>
  let size = 0
  try {
    for (let next = await inTime(iterator.next()); !next.done; next = await inTime(iterator.next())) {
      size += next.value.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      yield next.value
    }
  } catch (error) {
    if (request.destroyed && !request.complete) throw new CallerGone()
    throw isZlib(error) ? bad(NO_GZIP) : error
  } finally {
    if (source !== request) request.unpipe()
    iterator.return?.().catch(() => {}) // not awaited: one that waits for more would wait with it
  }
}

function unpacked(request: IncomingMessage): Readable {
  const gunzip = createGunzip()
  request.once('close', () => void (request.complete || gunzip.destroy(new CallerGone())))
  return request.pipe(gunzip)
}

async function inTime<T>(next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(bad(`Nothing of the body came for ${SILENT_MS / 1_000} s.`)), SILENT_MS)
  })
  try {
    return await Promise.race([next, silence])
  } finally {
    clearTimeout(timer)
  }
}

const isZlib = (error: unknown) => error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')

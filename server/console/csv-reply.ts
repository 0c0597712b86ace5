import 'server-only'
import type { Readable } from 'node:stream'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { requestContext } from './prefetch'

const statusOf = { bad_request: 400, unavailable: 503 } as const

type Csv = { name: string; total: number | null; rows: Readable }

/** A file for who is signed in, streamed; `x-engram-rows` tells how many rows are to come. */
export async function csvReply(
  request: Request,
  make: (stores: Stores, params: Record<string, string>) => Promise<Csv>,
): Promise<Response> {
  const { operator, stores } = await requestContext()
  if (!operator) return new Response('Sign in first.', { status: 401 })
  try {
    const { name, total, rows } = await make(stores, Object.fromEntries(new URL(request.url).searchParams))
    return new Response(streamOf(rows), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        ...(total !== null && { 'x-engram-rows': String(total) }),
      },
    })
  } catch (error) {
    const known = expected(error)
    const status = known && (known.code === 'bad_request' || known.code === 'unavailable') ? statusOf[known.code] : null
    if (!known || !status) throw error
    return new Response(known.message, { status })
  }
}

/**
 * As the body of a reply, read as fast as it is taken. By hand, because `Readable.toWeb` of Node 20 goes on to enqueue after
 * the reader has left, and throws where nobody can catch it.
 */
function streamOf(rows: Readable): ReadableStream<Uint8Array> {
  const chunks = rows[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    cancel: () => void rows.destroy(),
  })
}

import 'server-only'
import { Readable } from 'node:stream'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { requestContext } from './prefetch'

const statusOf = { bad_request: 400, unavailable: 503 } as const

type Csv = { name: string; total: number; rows: Readable }

/** A file for who is signed in, streamed; `x-engram-rows` tells how many rows are to come. */
export async function csvReply(
  request: Request,
  make: (stores: Stores, params: Record<string, string>) => Promise<Csv>,
): Promise<Response> {
  const { operator, stores } = await requestContext()
  if (!operator) return new Response('Sign in first.', { status: 401 })
  try {
    const { name, total, rows } = await make(stores, Object.fromEntries(new URL(request.url).searchParams))
    return new Response(Readable.toWeb(rows) as ReadableStream, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        'x-engram-rows': String(total),
      },
    })
  } catch (error) {
    const known = expected(error)
    const status = known && (known.code === 'bad_request' || known.code === 'unavailable') ? statusOf[known.code] : null
    if (!known || !status) throw error
    return new Response(known.message, { status })
  }
}

import { Readable } from 'node:stream'
import { loadUsage } from '@/components/usage/load-usage'
import { requestContext } from '@/server/console/prefetch'
import { expected } from '@/server/failure'
import { usageCsv } from '@/server/services/usage/usage-csv'

const statusOf = { bad_request: 400, unavailable: 503 } as const

/** What the Usage page shows, with the same filters in its address, as a file. */
export async function GET(request: Request): Promise<Response> {
  const { operator, stores } = await requestContext()
  if (!operator) return new Response('Sign in first.', { status: 401 })
  const { scope, by } = await loadUsage(Promise.resolve(Object.fromEntries(new URL(request.url).searchParams)))
  try {
    const { name, rows } = await usageCsv(stores, { ...scope, by })
    return new Response(Readable.toWeb(rows) as ReadableStream, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    const known = expected(error)
    const status = known && (known.code === 'bad_request' || known.code === 'unavailable') ? statusOf[known.code] : null
    if (!known || !status) throw error
    return new Response(known.message, { status })
  }
}

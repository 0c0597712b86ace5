import { loadUsage } from '@/components/usage/load-usage'
import { csvReply } from '@/server/console/csv-reply'
import { requestsCsv } from '@/server/services/usage/requests-csv'

/** The calls that the Requests page lists, with the same filters in its address, as a file. */
export const GET = (request: Request) =>
  csvReply(request, async (stores, params) => {
    const { scope, order } = await loadUsage(Promise.resolve(params))
    return requestsCsv(stores, { ...scope, ...order })
  })

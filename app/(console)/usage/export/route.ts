import { csvReply } from '@/server/console/csv-reply'
import { loadUsage } from '@/components/usage/load-usage'
import { usageCsv } from '@/server/services/usage/usage-csv'

/** What the Usage page shows, with the same filters in its address, as a file. */
export const GET = (request: Request) =>
  csvReply(request, async (stores, params) => {
    const { scope, by } = await loadUsage(Promise.resolve(params))
    return usageCsv(stores, { ...scope, by })
  })

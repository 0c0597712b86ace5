import { loadTimezone } from '@/components/shell/load-scope'
import { loadSavingsParams, savingsInputOf } from '@/components/usage/savings/savings-params'
import { csvReply } from '@/server/console/csv-reply'
import { savingsCsv } from '@/server/services/usage/savings/savings-csv'

/** What saved it, as the Savings page shows it, with the same filters in its address, as a file. */
export const GET = (request: Request) =>
  csvReply(request, async (stores, params) =>
    savingsCsv(stores, savingsInputOf(await loadSavingsParams(Promise.resolve(params)), await loadTimezone())),
  )

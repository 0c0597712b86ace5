import { stringify } from 'csv-stringify'
import type { Stores } from '@/server/services/context'
import { csvLook } from '@/server/services/usage/usage-csv'
import { savingsInput, type SavingsInput } from './savings.schema'
import { savingsReport } from './savings-report'

const ROWS = 100_000

/** What saved it as CSV, the most first, with every digit; `net_usd` of prompt versions only, empty where it is unknown. */
export async function savingsCsv(stores: Pick<Stores, 'db'>, question: SavingsInput, now = new Date()) {
  const { by, groups, range } = await savingsReport(stores, savingsInput.parse(question), { now, limit: ROWS })
  const columns = {
    key: by,
    savedUsd: 'saved_usd',
    ...(by === 'prompt' && { netUsd: 'net_usd' }),
    hits: 'hits',
    hitsWithoutCost: 'hits_without_cost',
    ...(by !== 'prompt' && { misses: 'misses' }),
  }
  return {
    name: `savings-by-${by}-${range.from.slice(0, 10)}-to-${range.to.slice(0, 10)}.csv`,
    total: groups.length,
    rows: stringify(groups, { ...csvLook, columns }),
  }
}

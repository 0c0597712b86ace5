import { stringify } from 'csv-stringify'
import type { Stores } from '@/server/services/context'
import { breakdownOfUsage } from './usage-breakdown'
import { usageBreakdownInput, type UsageBreakdownInput } from './usage.schema'

const ROWS = 100_000
/** A cell that a spreadsheet would run as a formula (= + - @) is quoted with an apostrophe: names come from applications. */
export const csvLook = { header: true, escape_formulas: true, record_delimiter: 'windows', bom: true } as const

/** The parts of a range as CSV, dearest first, with every digit of the cost. */
export async function usageCsv(stores: Pick<Stores, 'db'>, question: UsageBreakdownInput, now = new Date()) {
  const input = usageBreakdownInput.parse(question)
  const { groups, from, to } = await breakdownOfUsage(stores, input, { now, limit: ROWS })
  const columns = {
    ...(input.by === 'user' && { tenant: 'tenant' }),
    key: input.by,
    requests: 'requests',
    errors: 'errors',
    cacheHits: 'cache_hits',
    inputTokens: 'input_tokens',
    cachedInputTokens: 'cached_input_tokens',
    cacheWriteTokens: 'cache_write_tokens',
    outputTokens: 'output_tokens',
    costUsd: 'cost_usd',
    unpriced: 'unpriced_requests',
  }
  return {
    name: `usage-by-${input.by}-${from.slice(0, 10)}-to-${to.slice(0, 10)}.csv`,
    total: groups.length,
    rows: stringify(groups, { ...csvLook, columns }),
  }
}

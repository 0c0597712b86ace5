import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CheckedWindow,
  countCalls,
  differencesOf,
  hoursFrom,
  hoursOfUsage,
  insertUsageCheck,
  selectOpenChecks,
} from '@/db/postgres/queries/usage-checks'
import { type Breakdown, breakdowns } from '@/server/services/usage/usage.schema'
import { usageBy, usageByTime } from '@/db/postgres/queries/usage'
import type { UsageDifference } from '@/db/postgres/schema/usage-checks'
import type { Stores } from '@/server/services/context'
import { scaled, usdFromPico } from '@/server/services/usage/prices/pico-usd'
import { bucketEdges } from '@/server/services/usage/time-buckets'

type Postgres = Pick<Stores, 'db'>

const MOST_CALLS = 100_000
const MOST_HOURS = 24
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York']
const AGAIN_AFTER_MS = 1_000

/** What a check came to; null while there is no usage to look at. */
export type CheckOutcome = CheckedWindow & { calls: number; differences: UsageDifference[] }

/**
 * Looks at a window of usage, a random one or the newest hours, and writes down whether its figures add up (R6, R7).
 * Reports go on meanwhile, so what differs is asked once more: only what differs in the same way again is a difference.
 */
export async function checkUsage({ db }: Postgres, random = Math.random): Promise<CheckOutcome | null> {
  const window = await pickWindow({ db }, random)
  if (!window) return null
  const started = performance.now()
  let differences = await differencesIn({ db }, window)
  if (differences.length > 0) {
    await sleep(AGAIN_AFTER_MS)
    const again = await differencesIn({ db }, window)
    differences = differences.filter((one) => again.some((other) => isDeepStrictEqual(one, other)))
  }
  const calls = await countCalls(db, window)
  await insertUsageCheck(db, { ...window, calls, tookMs: Math.round(performance.now() - started), differences })
  return { ...window, calls, differences }
}

async function pickWindow({ db }: Postgres, random: () => number): Promise<CheckedWindow | null> {
  // What was wrong is looked at again and again, until it is right.
  const [open] = await selectOpenChecks(db, { limit: 1 })
  if (open && random() < 0.5) return { from: open.from, to: open.to }
  const all = await hoursOfUsage(db)
  if (!all) return null
  const [first, last] = [all.from.getTime(), all.to.getTime()]
  // Every other look is at the newest hours, where most is written.
  const start = random() < 0.5 ? last - Math.floor(random() * 6) * 3_600_000 : first + random() * (last - first)
  return hoursFrom(db, new Date(start), { hours: 1 + Math.floor(random() * MOST_HOURS), calls: MOST_CALLS })
}

/** All that does not add up in a window; empty is as it must be. */
export async function differencesIn({ db }: Postgres, window: CheckedWindow): Promise<UsageDifference[]> {
  return [...(await differencesOf(db, window)), ...(await partsAgainstWhole({ db }, window))]
}

/** The answers that pages and callers get: the parts of each breakdown, and the days of three zones, make the whole. */
async function partsAgainstWhole({ db }: Postgres, window: CheckedWindow): Promise<UsageDifference[]> {
  const rows: Record<string, unknown>[] = []
  const compare = (parts: string, whole: Sum, sum: Sum) => {
    if (whole.requests !== sum.requests || whole.pico !== sum.pico)
      rows.push({ parts, requests: sum.requests - whole.requests, cost_usd: signed(sum.pico - whole.pico) })
  }
  for (const by of breakdowns) {
    const { totals, groups } = await usageBy(db, window, dimensionOf(by), Number.MAX_SAFE_INTEGER)
    compare(`by ${by}`, sumOf([totals]), sumOf(groups))
  }
  for (const zone of ZONES) {
    const edges = bucketEdges(window.from, window.to, '1d', zone)
    const { totals, buckets } = await usageByTime(db, window, edges)
    compare(`days in ${zone}`, sumOf([totals]), sumOf([...buckets.values()]))
  }
  const { from, to } = { from: window.from.toISOString(), to: window.to.toISOString() }
  const query = `-- GET /v1/usage/summary?from=${from}&to=${to}&groupBy=…`
  return rows.length === 0 ? [] : [{ check: 'Parts add up to the whole, in three time zones', query, rows }]
}

type Sum = { requests: number; pico: bigint }
const sumOf = (figures: { requests: number; costUsd: string }[]): Sum => ({
  requests: figures.reduce((sum, { requests }) => sum + requests, 0),
  pico: figures.reduce((sum, { costUsd }) => sum + (scaled(costUsd, 12) ?? 0n), 0n),
})
const signed = (pico: bigint) => (pico < 0n ? `-${usdFromPico(-pico)}` : usdFromPico(pico))
const dimensionOf = (by: Breakdown) => (by === 'user' ? 'tenantUser' : by)

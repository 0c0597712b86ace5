import { countUsageChecks, selectOpenChecks, selectUsageChecks, usageRules } from '@/db/postgres/queries/usage-checks'
import type { Stores } from '@/server/services/context'

const SHOWN = 5
const DAY_MS = 24 * 3_600_000

/** The newest checks of the figures, those that found what is not put right yet, and how many there were in 24 hours. */
export async function checksOfUsage({ db }: Pick<Stores, 'db'>, now = new Date()) {
  const [newest, open, day] = await Promise.all([
    selectUsageChecks(db, { limit: 1 }),
    selectOpenChecks(db, { limit: SHOWN }),
    countUsageChecks(db, new Date(now.getTime() - DAY_MS)),
  ])
  return {
    day,
    rules: [...usageRules.map(({ rule }) => rule), 'Parts add up to the whole, in three time zones'],
    newest: newest.map(written)[0] ?? null,
    open: open.map(written),
  }
}
export type UsageChecks = Awaited<ReturnType<typeof checksOfUsage>>
export type UsageCheck = UsageChecks['open'][number]

const written = ({ checkedAt, from, to, ...check }: Awaited<ReturnType<typeof selectUsageChecks>>[number]) => ({
  ...check,
  checkedAt: checkedAt.toISOString(),
  from: from.toISOString(),
  to: to.toISOString(),
})

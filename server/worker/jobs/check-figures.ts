import { deleteUsageChecks } from '@/db/postgres/queries/usage-checks'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { checkUsage } from '@/server/services/usage/checks/check-usage'

const KEPT_MS = 7 * 24 * 3_600_000

/** Looks at one window of usage, and forgets the looks of more than a week ago. */
export async function checkFigures({ db }: Pick<Stores, 'db'>): Promise<void> {
  const outcome = await checkUsage({ db })
  if (outcome?.differences.length)
    logError('figures of usage differ', new Error(outcome.differences.map(({ check }) => check).join('; ')))
  await deleteUsageChecks(db, new Date(Date.now() - KEPT_MS))
}

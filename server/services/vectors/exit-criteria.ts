import { buildPace } from '@/db/postgres/queries/jobs'
import {
  largestTenant,
  lockWaits,
  longestVacuum,
  memorySettings,
  recallWithin,
  shareOfStatements,
} from '@/db/postgres/queries/vectors-exit'
import type { Stores } from '@/server/services/context'
import { buildEstimateMs } from './index-size'
import { type ExitFacts, exitThresholds, judgeExit } from './judge-exit'

/** When to leave pgvector, by this installation's own figures: from catalogs, kept measurements and jobs. */
export async function exitCriteria({ db }: Pick<Stores, 'db'>) {
  const [memory, largest, vacuum, locks, recall, share] = await Promise.all([
    memorySettings(db),
    largestTenant(db),
    longestVacuum(db),
    lockWaits(db),
    recallWithin(db, exitThresholds.latencyBudgetMs),
    shareOfStatements(db),
  ])
  const pace = largest && (await buildPace(db, largest.indexMethod))
  const facts: ExitFacts = { memory, build: largest && buildOf(largest, pace), vacuum, locks, recall, share }
  return { asOf: new Date().toISOString(), facts, criteria: judgeExit(facts), thresholds: exitThresholds }
}
export type ExitReport = Awaited<ReturnType<typeof exitCriteria>>

type Largest = NonNullable<Awaited<ReturnType<typeof largestTenant>>>

/** Its last build as long as it holds about as many rows as then; else what a build would take by the pace of the last ones. */
function buildOf({ tenant, rows, dimensions, ms, builtRows, at, ...by }: Largest, pace: number | null) {
  const measured = ms !== null && builtRows !== null && Math.abs(rows - builtRows) <= 0.2 * rows
  const estimate = buildEstimateMs({ rows, dimensions: dimensions ?? 0, ...by }, pace)
  return { tenant, rows, ms: measured ? ms : estimate, measured, at: measured ? at : null }
}

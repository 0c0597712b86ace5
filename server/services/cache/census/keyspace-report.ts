import { newestCensus } from '@/db/postgres/queries/censuses'
import { selectKeyFamilies } from '@/db/postgres/queries/key-families'
import type { Stores } from '@/server/services/context'
import type { Scope } from '@/server/services/scope.schema'
import { windowOf } from '@/server/services/scope.schema'
import type { CensusReport } from './census.schema'

/** What the last census by the end of a range found, and the families that were declared; `census` null before the first. */
export async function keyspaceReport({ db }: Pick<Stores, 'db'>, scope: Scope, now = new Date()) {
  const [census, declared] = await Promise.all([
    newestCensus(db, { before: windowOf(scope, now).to }),
    selectKeyFamilies(db),
  ])
  const patterns = new Set(declared.map(({ pattern }) => pattern))
  const report = census && (census.report as CensusReport)
  return {
    asOf: now.toISOString(),
    census:
      census && report
        ? {
            startedAt: census.startedAt.toISOString(),
            finishedAt: census.finishedAt.toISOString(),
            keys: census.keys,
            examined: census.examined,
            measured: census.measured,
            report: {
              ...report,
              proposals: report.proposals.filter(({ pattern }) => !patterns.has(pattern)),
            },
          }
        : null,
    declared: declared.map(({ createdAt, ...family }) => ({ ...family, createdAt: createdAt.toISOString() })),
  }
}
export type Keyspace = Awaited<ReturnType<typeof keyspaceReport>>

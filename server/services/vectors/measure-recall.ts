import { patiently } from '@/db/postgres/deadline'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { type Partition, selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { insertRecall, nearestDistances, sampleItems } from '@/db/postgres/queries/vectors-recall'
import { selectSample } from '@/db/postgres/queries/vectors-list'
import type { Space } from '@/db/postgres/queries/vectors-space'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { spaceOf } from './partitions'
import { cheapestFor, type Compared, quantile, recallPoint } from './recall'
import type { MeasureRecall } from './vectors.schema'

const EF_SEARCHES = [10, 20, 40, 80, 160, 320]
const PATIENCE_MS = 5 * 60_000

type Input = { tenant: string; scheduled?: boolean } & MeasureRecall

/**
 * Searches for sampled items of a tenant (each without itself) by the index, at every ef_search, and exactly, in one
 * transaction per item, so that both see the same rows. Kept as history. @throws AppError `not_found`; `conflict` without a usable index.
 */
export async function measureRecall(caller: Caller, { tenant, k, sample, efSearch, scheduled = false }: Input) {
  requireRole(caller.actor, 'vectors.measure-recall')
  const { partition, space } = await indexedSpace(caller, tenant)
  const efs = [...new Set(efSearch ?? [...EF_SEARCHES, partition.efSearch])].sort((a, b) => a - b)
  const measured = await patiently(PATIENCE_MS, () => compareSearches(caller, { tenant, space, k, sample, efs }))
  const exact = { msP50: quantile(measured.exactMs, 0.5), msP95: quantile(measured.exactMs, 0.95) }
  const points = efs.map((ef) => recallPoint(ef, measured.compared.get(ef) ?? []))
  const inForce = points.find(({ efSearch }) => efSearch === partition.efSearch) ?? points[0]
  if (!inForce || measured.exactMs.length === 0)
    throw new AppError('conflict', 'There are too few items to compare searches.', { field: 'tenant' })
  const target = partition.recallTarget
  const kept = await selectSample(caller.db, tenant)
  const result = {
    k,
    sample: measured.exactMs.length,
    exact,
    points,
    target,
    cheapestEfSearch: cheapestFor(points, target)?.efSearch ?? null,
  }
  await change(caller, 'vectors.measure-recall', async (tx) => {
    const { efSearch: ef, recall, low, high } = inForce
    const figures = { exactMsP50: exact.msP50, exactMsP95: exact.msP95, databaseMs: measured.databaseMs }
    const rows = { rows: kept?.rows ?? 0, deadRows: kept?.deadRows ?? 0 }
    const about = { tenant, k, sample: result.sample, efSearch: ef, recall, low, high, target, points }
    await insertRecall(tx, { ...about, ...figures, ...rows, scheduled, requestedBy: caller.actor.name, at: new Date() })
    return { result: null, audit: { target: tenant, after: { k, sample: result.sample, efSearch: ef, recall } } }
  })
  return result
}

async function indexedSpace(
  { db }: Pick<Stores, 'db'>,
  tenant: string,
): Promise<{ partition: Partition; space: Space }> {
  const partition = await selectPartition(db, tenant)
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  const space = spaceOf(partition)
  if (!space || !partition.indexed)
    throw new AppError('conflict', 'This tenant has no index that searches can use: every answer is exact.', {
      field: 'tenant',
    })
  return { partition, space }
}

type Comparison = { tenant: string; space: Space; k: number; sample: number; efs: number[] }

/** Of sampled items: by the index at each ef_search, and exactly. */
export async function compareSearches({ db }: Pick<Stores, 'db'>, { tenant, space, k, sample, efs }: Comparison) {
  const compared = new Map(efs.map((ef) => [ef, [] as Compared[]]))
  const exactMs: number[] = []
  const started = performance.now()
  const items = await db.transaction(async (tx) => {
    await becomeTenant(tx, tenant)
    return sampleItems(tx, { tenant, column: space.column, limit: sample })
  })
  for (const { id, embedding } of items)
    await db.transaction(
      async (tx) => {
        const question = { tenant, space, embedding, k, without: id }
        const ask = async (exact: boolean, efSearch?: number) => {
          await becomeTenant(tx, tenant, efSearch)
          const asked = performance.now()
          const distances = await nearestDistances(tx, { ...question, exact })
          return { distances, ms: performance.now() - asked }
        }
        const truth = await ask(true)
        if (truth.distances.length === 0) return
        exactMs.push(truth.ms)
        for (const [ef, list] of compared) {
          const { distances, ms } = await ask(false, ef)
          list.push({ exact: truth.distances, found: distances, ms })
        }
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
  return { compared, exactMs, databaseMs: performance.now() - started }
}

import { buildPace, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { auditOf } from '@/db/postgres/queries/vectors-events'
import { memorySettings } from '@/db/postgres/queries/vectors-exit'
import { changesByDay, selectSample } from '@/db/postgres/queries/vectors-list'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { recallsSince } from '@/db/postgres/queries/vectors-recall'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { buildEstimateMs } from './index-size'
import { needsOf } from './methods/judge-method'
import { cheapestFor } from './recall'
import { widthInForce } from './search-width'
import { loadParams } from './vectors.schema'

const DAY_MS = 24 * 3_600_000
const HISTORY_DAYS = 30
/** A day's deletes are marked from this share of the rows on. */
const MARKED_SHARE = 0.01

/** One tenant's memory: its settings, its recall with what happened to it in thirty days, and the work on it. */
export async function vectorsOfTenant({ db }: Pick<Stores, 'db'>, { tenant }: { tenant: string }) {
  const now = Date.now()
  const since = new Date(now - HISTORY_DAYS * DAY_MS)
  const [partition, sample, recalls, jobs, changes, changed, memory] = await Promise.all([
    selectPartition(db, tenant),
    selectSample(db, tenant),
    recallsSince(db, { tenant, since }),
    jobsOfTenant(db, { tenant, limit: 20 }),
    changesByDay(db, { tenant, since }),
    auditOf(db, { tenant, since }),
    memorySettings(db),
  ])
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  const width = widthInForce(partition)
  // Of an index of the other method that stood here before it says nothing.
  const latest = recalls.findLast(({ probes }) => (probes === null) === (width.probes === undefined)) ?? null
  const { dimensions, indexMethod, m, efConstruction } = partition
  const rows = sample?.rows ?? 0
  const pace = await buildPace(db, indexMethod)
  return {
    asOf: new Date(now).toISOString(),
    from: since.toISOString(),
    partition,
    latest: latest && { ...latest, at: latest.at.toISOString() },
    cheapest: latest && cheapestFor(latest.points, partition.recallTarget),
    /** What searches are told now, of the index that is there. */
    width,
    history: recalls.map(({ at, recall, filtered, efSearch, probes }) => ({
      at: at.toISOString(),
      recall,
      filtered: filtered?.recall ?? null,
      efSearch,
      probes,
    })),
    events: [
      ...changed.map(({ at, name, value }) => ({ at, text: `${name} ${value}` })),
      ...jobs.flatMap(({ kind, state, finishedAt }) =>
        state === 'done' && finishedAt && finishedAt >= since
          ? [{ at: finishedAt.toISOString(), text: jobNames[kind] }]
          : [],
      ),
      ...changes
        .filter(({ deleted }) => deleted > MARKED_SHARE * Math.max(rows, 1))
        .map(({ day, deleted }) => ({ at: day, text: `${deleted.toLocaleString('en-US')} deletes` })),
    ].sort((a, b) => a.at.localeCompare(b.at)),
    jobs: jobs.map(({ requestedAt, startedAt, finishedAt, cancelRequestedAt, params, ...job }) => ({
      ...job,
      loaded: job.kind === 'memory.load' ? loadedOf(params) : null,
      requestedAt: requestedAt.toISOString(),
      startedAt: startedAt?.toISOString() ?? null,
      finishedAt: finishedAt?.toISOString() ?? null,
      cancelling: cancelRequestedAt !== null && finishedAt === null,
    })),
    buildEstimateMs:
      dimensions === null ? null : buildEstimateMs({ rows, dimensions, indexMethod, m, efConstruction }, pace),
    needs: needsOf(partition, rows),
    maintenanceBytes: memory.maintenanceBytes,
    estimatedBy: pace === null ? ('published' as const) : ('own' as const),
  }
}
export type VectorsOfTenant = Awaited<ReturnType<typeof vectorsOfTenant>>

/** Null until the items are in the memory. */
function loadedOf(params: unknown) {
  const { added, updated, unchanged } = loadParams.parse(params)
  return added === undefined || updated === undefined || unchanged === undefined ? null : { added, updated, unchanged }
}

const jobNames = {
  'memory.build-index': 'index built',
  'memory.drop-index': 'index dropped',
  'memory.sleep': 'put to sleep',
  'memory.vacuum': 'vacuum',
  'memory.re-embed': 're-embedded',
  'memory.clear-embedding': 'vectors of a model dropped',
  'memory.load': 'items loaded',
} as const

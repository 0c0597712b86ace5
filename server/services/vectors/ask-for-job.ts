import type { Transaction } from '@/db/postgres/client'
import { buildPace, insertJob, type Job } from '@/db/postgres/queries/jobs'
import { MAX_INDEXED_DIMENSIONS } from '@/db/postgres/queries/vectors-space'
import { vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { canBeIndexed } from '@/db/postgres/queries/vectors-kinds'
import { selectSample } from '@/db/postgres/queries/vectors-list'
import { lockPartition } from '@/db/postgres/queries/vectors-partitions'
import { forgetIndexOff } from '@/db/postgres/queries/vectors-sleep'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { buildEstimateMs, listsFor } from './index-size'
import type { AskForJob } from './vectors.schema'

/** Queues long work on a tenant's memory for the worker. @throws AppError `conflict` while other work is under way. */
export async function askForJob(
  caller: Caller,
  { tenant, work }: AskForJob,
  reason: string | null = null,
): Promise<Job> {
  const sample = await selectSample(caller.db, tenant)
  const paces = { hnsw: await buildPace(caller.db, 'hnsw'), ivfflat: await buildPace(caller.db, 'ivfflat') }
  return change(caller, 'vectors.ask-for-job', async (tx) => {
    const partition = await lockPartition(tx, tenant)
    if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
    const { dimensions, m, efConstruction, indexType, indexMethod, metric } = partition
    if (work.kind === 'memory.sleep') await requireIndex(tx, partition)
    let params: Record<string, unknown> = {}
    let estimateMs: number | null = null
    if (work.kind === 'memory.build-index') {
      if (dimensions === null)
        throw new AppError('conflict', 'There is nothing to index: this tenant has no items yet.', { field: 'tenant' })
      const { kind: _kind, ...asked } = work
      const { forKind } = work
      if (forKind === undefined) await requireRoomBeside(tx, partition)
      else await requireRoomFor(tx, partition, forKind)
      const own = { m, efConstruction, indexType, indexMethod, metric }
      const build = forKind === undefined ? { ...own, ...asked } : { ...own, forKind }
      if (build.efConstruction < 2 * build.m)
        throw new AppError('bad_request', 'efConstruction: must be at least twice m', { field: 'efConstruction' })
      const most = MAX_INDEXED_DIMENSIONS[build.indexType]
      if (dimensions > most)
        throw new AppError(
          'bad_request',
          `indexType: ${build.indexType} is indexed up to ${most} dimensions; these have ${dimensions}`,
          {
            field: 'indexType',
          },
        )
      if (build.indexMethod === 'ivfflat' && dimensions === 1 && build.metric !== 'l2')
        throw new AppError('bad_request', 'indexMethod: ivfflat finds no centres among directions of one dimension', {
          field: 'indexMethod',
        })
      const rows = sample?.rows ?? 0
      const lists = build.indexMethod === 'ivfflat' ? { lists: listsFor(rows) } : {}
      // How many are of one kind is not known: its build is no measure of the pace.
      params = { ...build, ...lists, rows: forKind === undefined ? rows : 0, dimensions }
      if (forKind === undefined) estimateMs = buildEstimateMs({ rows, dimensions, ...build }, paces[build.indexMethod])
    }
    if (work.kind === 'memory.drop-index' && work.forKind !== undefined) params = { forKind: work.forKind }
    const job = await insertJob(tx, { kind: work.kind, tenant, params, estimateMs, requestedBy: caller.actor.name })
    if (!job) throw new AppError('conflict', `Other work on the memory of ${tenant} is under way.`, { field: 'tenant' })
    // The job is what remains of it: cancelled, it is not asked for again by itself.
    if (work.kind === 'memory.build-index' && work.forKind === undefined && partition.indexOff)
      await forgetIndexOff(tx, tenant)
    return { result: job, audit: { target: tenant, after: { job: job.id, kind: work.kind, ...params }, reason } }
  })
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockPartition>>>

/** @throws AppError `conflict` where there is no index to give up, or one that a change of the model still needs */
async function requireIndex(tx: Transaction, { number, activeColumn, otherModel }: Locked): Promise<void> {
  if (otherModel !== null)
    throw new AppError('conflict', `This tenant has vectors of ${otherModel}, too: drop them first.`, {
      field: 'tenant',
    })
  if (!(await vectorIndexes(tx, number, activeColumn)).some(({ valid }) => valid))
    throw new AppError('conflict', 'This tenant has no index that could be given up.', { field: 'tenant' })
}

/** What a search may lock (R9), and what the widest one locks beside vector indexes. */
const [MOST_RELATIONS, OTHER_RELATIONS] = [16, 8]
/**
 * Each index of a kind is one more relation that every search locks, twice while a model changes or a rebuild stands beside it: with
 * three, that is 16. And it is written to by every item of the kind.
 */
const MOST_KINDS = 3

/** @throws AppError `conflict` where a rebuild would stand beside the indexes of two models, and searches lock too much until it ends */
async function requireRoomBeside(tx: Transaction, { number, indexKinds }: Locked): Promise<void> {
  const there = await vectorIndexes(tx, number)
  if (OTHER_RELATIONS + there.length + 1 + indexKinds.length <= MOST_RELATIONS) return
  throw new AppError(
    'conflict',
    'Beside the indexes of two models, with those of their kinds, a rebuild has no room: every search would lock more than 16 relations. Drop the vectors of one model, or indexes of kinds.',
    { field: 'tenant' },
  )
}

/** @throws AppError `bad_request` for a kind that cannot have an index of its own; `conflict` without an index of all items, or for too many */
async function requireRoomFor(tx: Transaction, { number, activeColumn, indexKinds }: Locked, kind: string) {
  if (!canBeIndexed(kind))
    throw new AppError('bad_request', 'forKind: a kind with a quote or a backslash cannot have an index of its own', {
      field: 'forKind',
    })
  if (!(await vectorIndexes(tx, number, activeColumn)).some(({ valid }) => valid))
    throw new AppError('conflict', 'An index of one kind stands beside that of all items, which is not there.', {
      field: 'tenant',
    })
  if (!indexKinds.includes(kind) && indexKinds.length >= MOST_KINDS)
    throw new AppError(
      'conflict',
      `At most ${MOST_KINDS} kinds of a tenant have an index of their own: drop one first.`,
      {
        field: 'forKind',
      },
    )
}

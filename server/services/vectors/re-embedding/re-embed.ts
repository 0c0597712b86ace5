import type { Job } from '@/db/postgres/queries/jobs'
import { type EmbeddingModel, selectModel } from '@/db/postgres/queries/embedding-models'
import { markWhole, type ReEmbedding, selectReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { vacuum, vectorIndexes } from '@/db/postgres/queries/vectors-indexes'
import { kindIndexes } from '@/db/postgres/queries/vectors-kinds'
import { type Partition, selectPartition } from '@/db/postgres/queries/vectors-partitions'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { RecallPoint } from '@/db/postgres/schema/memory'
import { type Stores, system } from '@/server/services/context'
import { createIndexes, indexName } from '@/server/services/vectors/create-indexes'
import { compareSearches } from '@/server/services/vectors/measure-recall'
import { embedder, type Patience } from '@/server/services/vectors/models/embedder'
import { spaceOf } from '@/server/services/vectors/partitions'
import { recallPoint } from '@/server/services/vectors/recall'
import { widthInForce } from '@/server/services/vectors/search-width'
import { fillColumn, type Filling } from './fill-column'
import { otherSpaceOf } from './other-space'
import { StillMissing, switchColumns } from './switch-columns'

/** How a job is stopped, and how it says how far it is. */
export type Control = Pick<Filling, 'signal' | 'tell'> & { patience?: Partial<Patience> }

const SAMPLE = 50
const K = 10
/** So often items may be written between the last look and the switch. */
const SWITCH_ATTEMPTS = 20

/**
 * Fills the other column of a tenant by its model, builds its index beside the one of now, measures both, and switches
 * where that was asked for. Begun anew it goes on with what is missing.
 */
export async function reEmbed(stores: Stores, job: Job, { patience, ...control }: Control): Promise<void> {
  const { db } = stores
  const { tenant } = job
  const work = await workFor(stores, tenant)
  const { change, partition, model, space } = work
  const embed = embedder(model, patience)
  const filling = { tenant, change: change.id, model, space, embed, ...control }
  const made = await fillColumn({ db }, filling)
  // Every row was written anew: the dead ones would cost the searches of now their recall.
  if (made > 0) await vacuum(db, { job: job.id, number: partition.number })
  const indexed = await indexOther({ db }, job, work)
  await fillColumn({ db }, filling)
  const recalls = indexed ? await measureBoth({ db }, tenant, work) : { recallBefore: null, recallAfter: null }
  await fillColumn({ db }, filling)
  if (!(await markWhole(db, { tenant, id: change.id, ...recalls }))) throw new Error('The change was ended meanwhile.')
  if (change.switchWhenWhole) await switchOver(stores, filling)
}

type Work = { change: ReEmbedding; partition: Partition; model: EmbeddingModel; space: Space }

async function workFor({ db }: Pick<Stores, 'db'>, tenant: string): Promise<Work> {
  const [change, partition] = await Promise.all([selectReEmbedding(db, tenant), selectPartition(db, tenant)])
  const space = partition && otherSpaceOf(partition)
  if (change?.state !== 'filling' || !space || partition.otherModel === null)
    throw new Error('There is no change of the model to go on with.')
  const model = await selectModel(db, partition.otherModel)
  if (!model) throw new Error(`The model ${partition.otherModel} is not registered: nothing can embed by it.`)
  if (model.dimensions !== space.dimensions)
    throw new Error(
      `${model.name} is registered with ${model.dimensions} dimensions now; ${space.dimensions} were begun.`,
    )
  return { change, partition, model, space }
}

/** Indexes as the tenant has them now, those of single kinds too, beside them; none where searches compare with every item anyway. */
async function indexOther({ db }: Pick<Stores, 'db'>, job: Job, { partition, space }: Work): Promise<boolean> {
  const { number, indexMethod, m, efConstruction } = partition
  const ofKinds = (await kindIndexes(db, number, space.column)).filter(({ valid }) => valid)
  const whole = (await vectorIndexes(db, number, space.column)).filter(
    ({ name, valid }) => valid && !ofKinds.some((index) => index.name === name),
  )
  if (whole.length === 0 && !partition.indexed) return false
  const missing = [
    ...(whole.length > 0 ? [] : [undefined]),
    ...partition.indexKinds.filter((kind) => !ofKinds.some((index) => index.kind === kind)),
  ]
  const names = new Map(missing.map((kind) => [kind, indexName({ job: job.id, number, indexMethod }, kind)]))
  const parameters = { indexMethod, m, efConstruction }
  await createIndexes({ db }, { job: job.id, partition, space, parameters, names, there: [] })
  return true
}

/** The recall of both indexes at the ef_search or probes in force, each against exact search among its own vectors. */
async function measureBoth({ db }: Pick<Stores, 'db'>, tenant: string, { partition, space }: Work) {
  const width = widthInForce(partition)
  const measure = async (of: Space): Promise<RecallPoint> => {
    const { compared } = await compareSearches({ db }, { tenant, space: of, k: K, sample: SAMPLE, widths: [width] })
    return recallPoint(width, compared.get(width) ?? [])
  }
  const now = partition.indexed ? spaceOf(partition) : null
  return { recallBefore: now && (await measure(now)), recallAfter: await measure(space) }
}

async function switchOver(stores: Stores, filling: Filling): Promise<void> {
  const { tenant, model } = filling
  for (let attempt = 1; attempt <= SWITCH_ATTEMPTS; attempt++) {
    try {
      return await switchColumns({ ...stores, actor: system }, { tenant, model: model.name })
    } catch (error) {
      if (!(error instanceof StillMissing)) throw error
      await fillColumn(stores, filling)
    }
  }
  throw new Error('Items are written faster than they are embedded: nothing was switched.')
}

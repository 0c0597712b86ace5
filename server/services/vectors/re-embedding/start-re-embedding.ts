import { insertJob } from '@/db/postgres/queries/jobs'
import { selectModel } from '@/db/postgres/queries/embedding-models'
import { insertReEmbedding, isLockTimeout, lockReEmbedding, setOther } from '@/db/postgres/queries/re-embeddings'
import { lockPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { forgetPartition } from '@/server/services/vectors/partitions'
import { indexTypeFor } from './other-space'
import type { TenantAndModel } from './re-embedding.schema'

/**
 * Begins a change of a tenant's embedding model: the other column is opened for it, and the worker fills it. Searches and
 * writes go on by the model of now. @throws AppError `conflict` while a change or other work is under way.
 */
export async function startReEmbedding(
  caller: Caller,
  { tenant, model: name }: TenantAndModel,
): Promise<{ tenant: string; model: string }> {
  const started = await change(caller, 'vectors.re-embed', async (tx) => {
    const partition = await lockPartition(tx, tenant)
    if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
    if (partition.model === null)
      throw new AppError('conflict', 'This tenant has no items yet: the first one decides the model.', {
        field: 'tenant',
      })
    const model = await selectModel(tx, name)
    if (!model) throw new AppError('not_found', `There is no model ${name}.`, { field: 'model' })
    if (name === partition.model)
      throw new AppError('conflict', `${tenant} is searched by ${name} already.`, { field: 'model' })
    if (partition.otherModel !== null || (await lockReEmbedding(tx, tenant)))
      throw new AppError(
        'conflict',
        `${tenant} still has vectors of ${partition.otherModel ?? 'another model'}: drop them first.`,
        { field: 'tenant' },
      )
    const { dimensions, pricePerMillion } = model
    await insertReEmbedding(tx, {
      tenant,
      fromModel: partition.model,
      toModel: name,
      pricePerMillion,
      requestedBy: caller.actor.name,
    })
    await queueFilling(caller, tx, tenant)
    await setOther(tx, tenant, { model: name, dimensions, indexType: indexTypeFor(dimensions, partition.indexType) })
    const after = { model: name, dimensions }
    return { result: { tenant, model: name }, audit: { target: tenant, before: { model: partition.model }, after } }
  }).catch(asConflict)
  forgetPartition(caller, tenant)
  return started
}

/** @throws AppError `conflict` while other work on the tenant's memory is under way */
export async function queueFilling(
  { actor }: Pick<Caller, 'actor'>,
  tx: Parameters<typeof insertJob>[0],
  tenant: string,
): Promise<void> {
  const job = { kind: 'memory.re-embed' as const, tenant, params: {}, estimateMs: null, requestedBy: actor.name }
  if (!(await insertJob(tx, job)))
    throw new AppError('conflict', `Other work on the memory of ${tenant} is under way.`, { field: 'tenant' })
}

/** Somebody holds the partition for longer than searches shall wait behind us. */
export function asConflict(error: unknown): never {
  if (!isLockTimeout(error)) throw error
  throw new AppError('conflict', 'The items of this tenant are being read or written for long; try again.', {
    field: 'tenant',
    cause: error,
  })
}

import { cancelJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { lockReEmbedding, updateReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { lockPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { TenantAndModel } from './re-embedding.schema'

/**
 * Drops the vectors of the model that is not searched, with their index: before the switch this cancels the change, after it
 * there is no way back any more. The worker empties the column, also where it is killed meanwhile.
 */
export async function dropVectors(caller: Caller, { tenant, model }: TenantAndModel): Promise<{ tenant: string }> {
  return change(caller, 'vectors.drop-vectors', async (tx) => {
    const row = await lockReEmbedding(tx, tenant)
    const partition = await lockPartition(tx, tenant)
    if (!row || !partition) throw new AppError('not_found', `${tenant} changes no model.`, { field: 'tenant' })
    if (partition.otherModel !== model)
      throw new AppError('conflict', `${model} is not the model of ${tenant} that can be dropped.`, { field: 'model' })
    const [job] = await jobsOfTenant(tx, { tenant, limit: 1 })
    if (job?.kind === 'memory.re-embed') await cancelJob(tx, job.id)
    await updateReEmbedding(tx, tenant, { state: 'clearing', switchWhenWhole: false })
    const before = { active: partition.model, dropped: model, state: row.state, embedded: row.embedded }
    return { result: { tenant }, audit: { target: tenant, before } }
  })
}

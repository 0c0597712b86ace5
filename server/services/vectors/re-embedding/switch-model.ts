import { selectModel } from '@/db/postgres/queries/embedding-models'
import { lockReEmbedding, selectReEmbedding, updateReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { jobsOfTenant } from '@/db/postgres/queries/jobs'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { TenantAndModel } from './re-embedding.schema'
import { queueFilling } from './start-re-embedding'
import { StillMissing, switchColumns } from './switch-columns'

/** `catchingUp`: so many items were written meanwhile; the worker embeds them, and switches then. */
export type Switched = { model: string; catchingUp: number }

/** Searches and writes by the other model from now on: to the new one, and back as long as the old one was not dropped. */
export async function switchModel(caller: Caller, { tenant, model }: TenantAndModel): Promise<Switched> {
  requireRole(caller.actor, 'vectors.switch-model')
  const row = await selectReEmbedding(caller.db, tenant)
  if (!row) throw new AppError('not_found', `${tenant} changes no model.`, { field: 'tenant' })
  const [job] = await jobsOfTenant(caller.db, { tenant, limit: 1 })
  if (row.state !== 'whole' || job?.state === 'queued' || job?.state === 'running')
    throw new AppError('conflict', `The vectors of ${tenant} are being worked on: wait for the end.`, {
      field: 'tenant',
    })
  try {
    await switchColumns(caller, { tenant, model })
    return { model, catchingUp: 0 }
  } catch (error) {
    if (!(error instanceof StillMissing)) throw error
    await catchUp(caller, { tenant, model, missing: error.items })
    return { model, catchingUp: error.items }
  }
}

async function catchUp(caller: Caller, { tenant, model, missing }: TenantAndModel & { missing: number }) {
  if (!(await selectModel(caller.db, model)))
    throw new AppError(
      'conflict',
      `${missing} items have no vector of ${model}, and Engram knows no endpoint for it: register the model first.`,
      { field: 'model' },
    )
  await change(caller, 'vectors.switch-model', async (tx) => {
    if ((await lockReEmbedding(tx, tenant))?.state !== 'whole')
      throw new AppError('conflict', `Somebody else changes the model of ${tenant}.`, { field: 'tenant' })
    await updateReEmbedding(tx, tenant, { state: 'filling', switchWhenWhole: true, missing })
    await queueFilling(caller, tx, tenant)
    return { result: null, audit: { target: tenant, after: { model, catchingUp: missing } } }
  })
}

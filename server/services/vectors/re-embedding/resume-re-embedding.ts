import { lockReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { queueFilling } from './start-re-embedding'
import type { ReEmbeddingOf } from './re-embedding.schema'

/** Goes on with a change that was paused or failed: only what is missing is embedded. */
export async function resumeReEmbedding(caller: Caller, { tenant }: ReEmbeddingOf): Promise<{ tenant: string }> {
  return change(caller, 'vectors.resume-re-embedding', async (tx) => {
    const row = await lockReEmbedding(tx, tenant)
    if (row?.state !== 'filling')
      throw new AppError('conflict', `No change of the model of ${tenant} stands still.`, { field: 'tenant' })
    await queueFilling(caller, tx, tenant)
    return { result: { tenant }, audit: { target: tenant, after: { model: row.toModel } } }
  })
}

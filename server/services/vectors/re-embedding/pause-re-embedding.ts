import { cancelJob, jobsOfTenant } from '@/db/postgres/queries/jobs'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { ReEmbeddingOf } from './re-embedding.schema'

/** Lets a change stand where it is: what was embedded is kept. @throws AppError `conflict` where none goes on. */
export async function pauseReEmbedding(caller: Caller, { tenant }: ReEmbeddingOf): Promise<{ tenant: string }> {
  return change(caller, 'vectors.pause-re-embedding', async (tx) => {
    const [job] = await jobsOfTenant(tx, { tenant, limit: 1 })
    const paused = job?.kind === 'memory.re-embed' ? await cancelJob(tx, job.id) : null
    if (!paused) throw new AppError('conflict', `No change of the model of ${tenant} goes on.`, { field: 'tenant' })
    return { result: { tenant }, audit: { target: tenant, before: { job: paused.id, state: paused.state } } }
  })
}

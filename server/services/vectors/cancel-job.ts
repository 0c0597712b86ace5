import { cancelJob as cancel, type Job } from '@/db/postgres/queries/jobs'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'

/** Ends a job that waits at once, one that runs within seconds; what it left half-way is taken away. */
export async function cancelJob(caller: Caller, { id }: { id: string }): Promise<Job> {
  return change(caller, 'vectors.cancel-job', async (tx) => {
    const job = await cancel(tx, id)
    if (!job) throw new AppError('not_found', 'There is no such job under way.', { field: 'id' })
    return { result: job, audit: { target: job.tenant, before: { job: id, kind: job.kind, state: job.state } } }
  })
}

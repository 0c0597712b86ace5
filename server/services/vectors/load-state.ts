import { selectJob } from '@/db/postgres/queries/jobs'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { loadParams, type LoadState } from './vectors.schema'

type Input = { tenant: string; load: string }

/** How far a load is, or what became of it. @throws AppError `not_found`. */
export async function loadState({ db }: Pick<Stores, 'db'>, { tenant, load }: Input): Promise<LoadState> {
  const job = await selectJob(db, { id: load, tenant, kind: 'memory.load' })
  if (!job) throw new AppError('not_found', `There is no load ${load} of ${tenant}.`, { field: 'load' })
  const { state, phase, progress, error } = job
  const { items = null, added = null, updated = null, unchanged = null } = loadParams.parse(job.params)
  return { load, state, phase, progress, items, added, updated, unchanged, error }
}

import { jobsOfTenant } from '@/db/postgres/queries/jobs'
import { selectModels } from '@/db/postgres/queries/embedding-models'
import { costOfReEmbedding, selectReEmbedding } from '@/db/postgres/queries/re-embeddings'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { MOST_MODELS } from '@/server/services/vectors/models/list-models'
import type { ReEmbeddingOf } from './re-embedding.schema'

/** A tenant's embedding model, and the change of it under way: how far it is, what it cost, and what can be done with it. */
export async function reEmbeddingOf({ db }: Pick<Stores, 'db'>, { tenant }: ReEmbeddingOf) {
  const [partition, row, [job], cost, models] = await Promise.all([
    selectPartition(db, tenant),
    selectReEmbedding(db, tenant),
    jobsOfTenant(db, { tenant, limit: 1 }),
    costOfReEmbedding(db, tenant),
    selectModels(db, MOST_MODELS),
  ])
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  const { model, dimensions, otherModel, otherDimensions } = partition
  const live = job?.state === 'queued' || job?.state === 'running' ? job : null
  const ours = live?.kind === 'memory.re-embed' || live?.kind === 'memory.clear-embedding' ? live : null
  return {
    asOf: new Date().toISOString(),
    active: { model, dimensions },
    other: otherModel === null ? null : { model: otherModel, dimensions: otherDimensions },
    otherIsRegistered: models.some(({ name }) => name === otherModel),
    otherWork: live !== null && ours === null,
    change: row && {
      fromModel: row.fromModel,
      toModel: row.toModel,
      state: row.state,
      step: stepOf(row.state, ours),
      switchWhenWhole: row.switchWhenWhole,
      phase: ours?.phase ?? null,
      progress: ours?.progress ?? null,
      /** Of the job that came to no good end last, while nobody works on it. */
      error: ours === null && job?.state === 'failed' ? job.error : null,
      missing: row.missing,
      embedded: row.embedded,
      requests: row.requests,
      retries: row.retries,
      tokens: row.tokens,
      tokensEstimated: row.tokensEstimated,
      local: models.some(({ name, endpoint }) => name === row.toModel && endpoint === null),
      cost,
      msToCome:
        row.missing !== null && row.embedded > 0 ? Math.round((row.workedMs / row.embedded) * row.missing) : null,
      wholeAt: row.wholeAt?.toISOString() ?? null,
      recallBefore: row.recallBefore,
      recallAfter: row.recallAfter,
      requestedBy: row.requestedBy,
      requestedAt: row.requestedAt.toISOString(),
      switchedAt: row.switchedAt?.toISOString() ?? null,
    },
  }
}
export type ReEmbeddingReport = Awaited<ReturnType<typeof reEmbeddingOf>>

type Live = { state: string; cancelRequestedAt: Date | null } | null

/** What goes on, in one word. */
function stepOf(state: 'filling' | 'whole' | 'clearing', live: Live) {
  if (state === 'clearing') return 'dropping' as const
  if (state === 'whole') return live ? ('finishing' as const) : ('whole' as const)
  if (live === null) return 'standing' as const
  if (live.cancelRequestedAt) return 'pausing' as const
  return live.state === 'queued' ? ('waiting' as const) : ('running' as const)
}

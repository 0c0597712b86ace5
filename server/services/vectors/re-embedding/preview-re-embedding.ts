import { buildPace } from '@/db/postgres/queries/jobs'
import { selectModel } from '@/db/postgres/queries/embedding-models'
import { costOfTokens, countMissing } from '@/db/postgres/queries/re-embeddings'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { otherColumn } from '@/db/postgres/queries/vectors-space'
import { patiently } from '@/db/postgres/deadline'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { buildEstimateMs } from '@/server/services/vectors/index-size'
import { CHARACTERS_PER_TOKEN } from '@/server/services/vectors/models/embedder'
import { indexTypeFor } from './other-space'
import type { TenantAndModel } from './re-embedding.schema'

const PATIENCE_MS = 60_000
const MINUTE_MS = 60_000

/** What a change of a tenant's model would take; nothing is sent anywhere. Null where nobody can tell. */
export async function previewReEmbedding({ db }: Pick<Stores, 'db'>, { tenant, model: name }: TenantAndModel) {
  const [partition, model] = await Promise.all([selectPartition(db, tenant), selectModel(db, name)])
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  if (!model) throw new AppError('not_found', `There is no model ${name}.`, { field: 'model' })
  const column = otherColumn(partition.activeColumn)
  const { items, characters } = await patiently(PATIENCE_MS, () => countMissing(db, { tenant, column }))
  const { dimensions, endpoint, pricePerMillion, batchSize, requestsPerMinute, msPerItem } = model
  const tokens = endpoint === null ? 0 : Math.ceil((items * characters) / CHARACTERS_PER_TOKEN)
  const batches = Math.ceil(items / batchSize)
  const paced = requestsPerMinute === null ? 0 : (batches / requestsPerMinute) * MINUTE_MS
  const { indexMethod, m, efConstruction, indexed } = partition
  const build = { rows: items, dimensions, indexMethod, m, efConstruction }
  return {
    items,
    batches,
    batchSize,
    /** By four characters per token, of the average length of the first thousand items. */
    tokens,
    cost: pricePerMillion === null ? null : await costOfTokens(db, { tokens, perMillion: pricePerMillion }),
    local: endpoint === null,
    embeddingMs: msPerItem === null ? (paced > 0 ? paced : null) : Math.max(paced, items * msPerItem),
    indexMs: indexed ? buildEstimateMs(build, await buildPace(db, indexMethod)) : null,
    indexType: indexTypeFor(dimensions, partition.indexType),
    dimensions,
  }
}
export type ReEmbeddingPreview = Awaited<ReturnType<typeof previewReEmbedding>>

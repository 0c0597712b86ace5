import { createHash, randomUUID } from 'node:crypto'
import { selectTenant } from '@/db/postgres/queries/tenants'
import { type NewItem, upsertItems } from '@/db/postgres/queries/vectors-items'
import { addPartition, lockPartition, setSpace } from '@/db/postgres/queries/vectors-partitions'
import type { Space } from '@/db/postgres/queries/vectors-space'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { ensureTenants } from '@/server/services/tenants/ensure-tenants'
import type { ActivityCounter } from './activity-counter'
import { changeMemory } from './change-memory'
import { checkVector } from './check-vector'
import { forgetPartition, partitionOf, spaceOf } from './partitions'
import { wakeMemory } from './sleep/wake-memory'
import type { AddedItems, MemoryItem } from './vectors.schema'

type Input = { tenant: string; items: MemoryItem[]; simulated: boolean; activity?: ActivityCounter }

/**
 * Adds items to a tenant's memory, all or none. An id that is there is replaced, and left alone where nothing differs. The
 * first item of a tenant decides its model and dimensions. @throws AppError `bad_request`, `conflict` (another model).
 */
export async function addItems(stores: Stores, { tenant, items, simulated, activity }: Input): Promise<AddedItems> {
  await ensureTenants(stores, { slugs: [tenant], simulated })
  const rows = items.map(newItem)
  // Another process may have switched the model a moment ago: what does not fit is tried once more, by a new look.
  const written = await write(stores, { tenant, items, rows }).catch((error: unknown) => {
    forgetPartition(stores, tenant)
    if (!isCheckViolation(error) && !isOtherModel(error)) throw error
    return write(stores, { tenant, items, rows }).catch((again: unknown) => {
      throw isCheckViolation(again) ? leaving(again) : again
    })
  })
  const added = written.filter((row) => row.added).length
  const counts = { added, updated: written.length - added }
  activity?.wrote(tenant, { ...counts, deleted: 0, simulated })
  return { ...counts, unchanged: rows.length - written.length, ids: rows.map(({ id }) => id) }
}

type Writing = { tenant: string; items: MemoryItem[]; rows: NewItem[] }

async function write(stores: Stores, { tenant, items, rows }: Writing) {
  const space = await spaceFor(stores, tenant, items)
  for (const [place, { embedding }] of items.entries()) checkVector(embedding, space, `items.${place}.embedding`)
  return changeMemory(stores, tenant, (tx) => upsertItems(tx, { tenant, column: space.column, items: rows }))
}

/** The tenant's space; made of the first item where it has none yet. */
async function spaceFor(stores: Stores, tenant: string, items: MemoryItem[]): Promise<Space> {
  const [first] = items
  if (!first) throw new AppError('bad_request', 'items: is empty', { field: 'items' })
  let partition = await partitionOf(stores, tenant)
  if (!partition?.model) {
    partition = { ...(await claimSpace(stores, tenant, first)), indexed: false, methods: [], lists: null }
    forgetPartition(stores, tenant)
  }
  for (const [place, { embeddingModel }] of items.entries())
    if (embeddingModel !== partition.model)
      throw new AppError(
        'conflict',
        `This tenant's memory holds vectors of ${partition.model}: models are never mixed.`,
        {
          field: `items.${place}.embeddingModel`,
        },
      )
  const space = spaceOf(partition)
  if (!space) throw new Error(`partition ${partition.number} has a model and no dimensions`)
  wakeMemory(stores, partition, 'write')
  return space
}

async function claimSpace({ db }: Stores, tenant: string, { embeddingModel, embedding }: MemoryItem) {
  await addPartition(db, tenant)
  return db.transaction(async (tx) => {
    const partition = await lockPartition(tx, tenant)
    if (!partition) throw (await selectTenant(tx, tenant)) ? new Error(`${tenant} has no partition`) : leaving()
    if (partition.model) return partition
    const { metric, indexType, number, activeColumn: column } = partition
    const dimensions = embedding.length
    checkVector(embedding, { column, dimensions, metric, indexType }, 'items.0.embedding')
    await setSpace(tx, { tenant, number, model: embeddingModel, dimensions })
    return { ...partition, model: embeddingModel, dimensions }
  })
}

/** An item as its row holds it. */
export function newItem({ id = randomUUID(), kind, content, metadata = {}, ...item }: MemoryItem): NewItem {
  const { embedding, embeddingModel, user = null } = item
  const occurredAt = item.occurredAt?.toISOString() ?? null
  const contentHash = createHash('sha256')
    .update(JSON.stringify([kind, user, content, metadata, embeddingModel, occurredAt]))
    .update(Float32Array.from(embedding))
    .digest('base64url')
  return { id, kind, user, content, metadata, embedding, embeddingModel, occurredAt, contentHash }
}

/** No partition takes the rows, or the one that is there is held to another space than a second ago. */
function isCheckViolation(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return (cause as { code?: unknown } | null)?.code === '23514'
}

/** By a look at the partition that may be a second old. */
const isOtherModel = (error: unknown) =>
  error instanceof AppError && error.code === 'conflict' && error.field?.endsWith('.embeddingModel') === true

const leaving = (cause?: unknown) =>
  new AppError('conflict', 'This tenant is being erased right now; try again.', { field: 'tenant', cause })

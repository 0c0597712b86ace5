import { createHash } from 'node:crypto'
import { selectTenant } from '@/db/postgres/queries/tenants'
import { type Nearest, searchItems } from '@/db/postgres/queries/vectors-search'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { SearchWidth } from '@/db/postgres/queries/vectors-width'
import { fillSearch, readSearch } from '@/db/redis/vectors'
import { AppError } from '@/server/errors'
import type { LookupCounter } from '@/server/services/cache/lookup-counter'
import type { Stores } from '@/server/services/context'
import { isSettled, redisInTime } from '@/server/services/redis-in-time'
import type { ActivityCounter } from './activity-counter'
import { checkVector } from './check-vector'
import { fuse } from './fuse'
import type { SearchKeeper } from './kept-searches/search-keeper'
import { forgetPartition, partitionOf, spaceOf } from './partitions'
import { widthOf } from './search-width'
import { wakeMemory } from './sleep/wake-memory'
import type { SearchMemory } from './vectors.schema'

const LOOKUP_MS = 60
/** How deep each list of a hybrid search goes. */
const FUSED_DEPTH = 50

type Input = {
  tenant: string
  search: SearchMemory
  simulated?: boolean
  activity?: ActivityCounter
  lookups?: Pick<LookupCounter, 'note'>
  keeper?: Pick<SearchKeeper, 'note'>
}

/** The tenant's model was switched between the look at its partition and the search. */
class Switched extends AppError {
  constructor() {
    super('conflict', 'The embedding model of this tenant is being switched; try again.', { field: 'tenant' })
  }
}

const LOOKS = 3

/**
 * The answer of one model, whichever it is: a search that finds the model switched, or does not fit, looks again at which
 * one is active before it says so.
 */
export async function searchMemory(stores: Stores, input: Input): Promise<string> {
  for (let looks = 1; ; looks++)
    try {
      return await searchOnce(stores, input)
    } catch (error) {
      const unfit = error instanceof AppError && (error.field === 'embedding' || error.field === 'embeddingModel')
      if (!(error instanceof Switched || (unfit && looks === 1)) || looks === LOOKS) throw error
      forgetPartition(stores, input.tenant)
    }
}

/**
 * The k nearest items of a tenant, as JSON `{items}`: from Redis where the same search was answered since the last
 * write, else from Postgres. @throws AppError `not_found` for a tenant that is not registered, `bad_request` for a vector that does not fit.
 */
async function searchOnce(
  stores: Stores,
  { tenant, search, simulated = false, activity, lookups, keeper }: Input,
): Promise<string> {
  const partition = await partitionOf(stores, tenant)
  if (!partition && !(await selectTenant(stores.db, tenant)))
    throw new AppError('not_found', `There is no tenant ${tenant}.`, { field: 'tenant' })
  const space = partition && spaceOf(partition)
  if (!space) return JSON.stringify({ items: [] })
  if (search.embeddingModel !== undefined && search.embeddingModel !== partition.model)
    throw new AppError(
      'conflict',
      `embeddingModel: this tenant's memory is searched by ${partition.model}: models are never mixed.`,
      { field: 'embeddingModel' },
    )
  checkVector(search.embedding, space, 'embedding', partition.model)
  wakeMemory(stores, partition, 'search')
  if (partition.keepSearches && partition.model !== null)
    keeper?.note(tenant, { embedding: search.embedding, model: partition.model, kind: search.kind })

  const width = widthOf(partition, search)
  const digest = isSettled(stores.redis) ? digestOf(search, space, width) : null
  const kept =
    digest === null
      ? null
      : await redisInTime(LOOKUP_MS, stores.redis, async () => {
          const found = await readSearch(stores.redis, tenant, digest)
          lookups?.note('memory', found.answer !== null, { tenant, simulated })
          return found
        })
  if (kept?.answer) {
    activity?.searched(tenant, { ms: null, simulated })
    return kept.answer
  }
  const started = performance.now()
  const { indexed, otherModel } = partition
  const items = await searchPostgres(stores, {
    tenant,
    space,
    search,
    width,
    indexed,
    changing: otherModel !== null,
  })
  activity?.searched(tenant, { ms: performance.now() - started, kind: search.kind, simulated })
  const answer = JSON.stringify({ items })
  // Nobody waits for the fill, and one that fails only leaves a miss to the next search.
  if (digest && kept?.epoch) fillSearch(stores.redis, tenant, { digest, epoch: kept.epoch, answer }).catch(() => false)
  return answer
}

type Asked = {
  tenant: string
  space: Space
  search: SearchMemory
  width: SearchWidth
  indexed: boolean
  /** There are vectors of two models: which one is active is asked again beside the search. */
  changing?: boolean
}

/** The truth. Exact where no index can be used, and where the index came to fewer than k: then fewer there are. */
export async function searchPostgres({ db }: Pick<Stores, 'db'>, asked: Asked): Promise<Nearest[]> {
  const { tenant, space, search, width, indexed, changing = false } = asked
  const { embedding, kind, user, metadata, text } = search
  const filter = { kind, user, metadata, from: search.from?.toISOString(), to: search.to?.toISOString() }
  const k = text === undefined ? search.k : Math.max(search.k, FUSED_DEPTH)
  const ask = async (exact: boolean) => {
    const found = await searchItems(db, { tenant, space, embedding, filter, k, width, text, exact, changing })
    if (found.activeColumn !== space.column) throw new Switched()
    return found
  }
  const found = await ask(!indexed)
  const { near, matches } = indexed && found.near.length < k ? await ask(true) : found
  return matches ? fuse([near, matches], search.k) : near
}

const digestOf = ({ embedding, embeddingModel: _, ...search }: SearchMemory, space: Space, width: SearchWidth) =>
  createHash('sha256')
    .update(JSON.stringify([search, space, width]))
    .update(Float64Array.from(embedding))
    .digest('base64url')

import { z } from 'zod'
import { callerOf, requireTenant } from '@/server/gateway/key'
import { raw } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import type { Services } from '@/server/gateway/services'
import { addItems } from '@/server/services/vectors/add-items'
import { deleteItem } from '@/server/services/vectors/delete-item'
import { measureRecall } from '@/server/services/vectors/measure-recall'
import { searchMemory } from '@/server/services/vectors/search-memory'
import {
  AddedItems,
  AddItems,
  FoundItems,
  itemRef,
  MeasuredRecall,
  MeasureRecall,
  memoryRef,
  SearchMemory,
} from '@/server/services/vectors/vectors.schema'

const params = { tenant: 'acme' }
const item = { id: 'note-1', content: 'Prefers answers in Spanish.', kind: 'preference', metadata: { source: 'chat' } }
const found = { id: item.id, distance: 0.0042, content: item.content, kind: item.kind, metadata: item.metadata }
const embedding = [0.12, -0.5, 0.31]

export function vectorRoutes({
  activity,
  lookups,
  keeper,
}: Pick<Services, 'activity' | 'lookups' | 'keeper'>): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/memory/:tenant/items',
      scope: 'app',
      summary: 'Remember items',
      description:
        "Adds up to 500 items with their vectors to a tenant's memory, all or none. An id that is there is replaced, and left " +
        'alone where nothing differs, so that a call may be repeated. The first item of a tenant decides its embedding model and ' +
        'its dimensions: those of another model are refused, because models are never mixed in a search. Once an operator has ' +
        'switched the tenant to another model, items and searches of that one are taken, and no others. A tenant that a key ' +
        'of all tenants names for the first time is registered.',
      params: memoryRef,
      body: AddItems,
      example: {
        params,
        body: { items: [{ ...item, user: 'u-17', embedding, embeddingModel: 'example-3' }] },
      },
      replies: {
        200: {
          when: 'they are remembered',
          schema: AddedItems,
          example: { added: 1, updated: 0, unchanged: 0, ids: [item.id] },
        },
      },
      errors: {
        conflict:
          'The memory of this tenant takes vectors of another model (field items.N.embeddingModel), or it is being erased.',
      },
      handle: ({ params, body, key, stores }) => {
        requireTenant(key, params.tenant)
        return addItems(stores, { ...params, ...body, simulated: key.simulated, activity })
      },
    }),
    route({
      method: 'POST',
      path: '/v1/memory/:tenant/search',
      scope: 'app',
      summary: 'Find the nearest items',
      description:
        'Answers the k items nearest to a vector, nearest first; filters by kind, user, time (from included, to not) and metadata ' +
        '(items that contain all that is asked for) still yield k where k pass them. distance is that of the metric of the tenant: ' +
        'cosine, l2, or the negative inner product. efSearch widens the search of an HNSW index, probes that of an IVFFlat one; what ' +
        'is not of its method says nothing. Without an index the answer is exact. ' +
        'With text, the list by vector and the list by words are fused by reciprocal rank. With embeddingModel, a vector of a model ' +
        'that the tenant is not searched by is refused: of the same size, it could not be told otherwise. The same search is answered from ' +
        'Redis until an item of the tenant changes.',
      params: memoryRef,
      body: SearchMemory,
      example: { params, body: { embedding, k: 5, kind: 'preference' } },
      replies: { 200: { when: 'always', schema: FoundItems, example: { items: [found] } } },
      errors: {
        not_found: 'There is no such tenant.',
        conflict: 'The tenant is searched by another model than embeddingModel.',
      },
      handle: async ({ params, body, key, stores }) => {
        requireTenant(key, params.tenant)
        const answer = await searchMemory(stores, {
          ...{ ...params, search: body, simulated: key.simulated },
          ...{ activity, lookups, keeper },
        })
        return raw(200, 'application/json; charset=utf-8', answer)
      },
    }),
    route({
      method: 'POST',
      path: '/v1/memory/:tenant/recall',
      scope: 'operator',
      summary: 'Measure recall',
      description:
        'Searches by the index, at every efSearch (or probes, where the index is IVFFlat), and exactly, on the same rows: for sampled ' +
        'items (asked: items), or for what applications searched for, where operators keep that and twenty are there (asked: searches); and once more as it is in force, for the kind that searches filtered on most in 24 hours (filtered). recall is the share of the ' +
        'exact answer that the index found, with its 95 % interval; an item as near as the last exact one counts. rowsShort ' +
        'counts searches that returned fewer rows than there are. Kept as history. Without an index every search is exact, ' +
        'and there is nothing to measure.',
      params: memoryRef,
      body: MeasureRecall,
      example: { params, body: { k: 10, sample: 50, efSearch: [20, 40, 80] } },
      replies: {
        200: {
          when: 'it was measured',
          schema: MeasuredRecall,
          example: {
            k: 10,
            sample: 50,
            asked: 'items',
            exact: { msP50: 12.4, msP95: 15.1 },
            points: [{ efSearch: 40, recall: 0.962, low: 0.951, high: 0.973, rowsShort: 0, msP50: 1.9, msP95: 3.2 }],
            filtered: null,
            target: 0.95,
            cheapestEfSearch: 40,
            cheapestProbes: null,
          },
        },
      },
      errors: {
        not_found: 'There is no memory of such a tenant.',
        conflict: 'The tenant has no index that searches can use, or too few items.',
      },
      handle: ({ params, body, key, stores }) => measureRecall(callerOf(stores, key), { ...params, ...body }),
    }),
    route({
      method: 'DELETE',
      path: '/v1/memory/:tenant/items/:id',
      scope: 'app',
      summary: 'Forget an item',
      params: itemRef,
      example: { params: { ...params, id: item.id } },
      replies: {
        200: { when: 'in any case', schema: z.object({ deleted: z.boolean() }), example: { deleted: true } },
      },
      handle: ({ params, key, stores }) => {
        requireTenant(key, params.tenant)
        return deleteItem(stores, { ...params, simulated: key.simulated, activity })
      },
    }),
  ]
}

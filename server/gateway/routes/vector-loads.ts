import { AppError } from '@/server/errors'
import { callerOf, requireTenant } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { loadItems } from '@/server/services/vectors/load-items'
import { loadState } from '@/server/services/vectors/load-state'
import { AcceptedLoad, LoadedItem, loadRef, LoadState, memoryRef } from '@/server/services/vectors/vectors.schema'

const NDJSON = 'application/x-ndjson'
const MAX_BYTES = 4 * 1024 ** 3
/** Each holds a batch of some megabytes. */
const MOST_AT_ONCE = 4

const load = '7d5d7f0e-6d0c-4c0e-9a57-0d7c53c4a0de'
const state = { load, phase: null, progress: null, items: 1, error: null }

export function vectorLoadRoutes(): Route[] {
  let underWay = 0
  return [
    route({
      method: 'POST',
      path: '/v1/memory/:tenant/loads',
      scope: 'app',
      summary: 'Load many items',
      description:
        'Takes any number of items, one JSON object per line, read while they come; gzip helps. All or none: a line that is wrong is ' +
        'named, counted from 1, and nothing is kept. The answer means that the items are safe; the worker then brings them into the memory ' +
        'in one step, without the index where they are many, and builds it again without stopping a search. Ids are yours, so that a ' +
        'load may be repeated: an item that is there is replaced, and left alone where nothing differs. One load, or other work on ' +
        'the index, at a time for each tenant.',
      params: memoryRef,
      body: LoadedItem,
      stream: [NDJSON],
      maxBodyBytes: MAX_BYTES,
      example: {
        params: { tenant: 'acme' },
        body: {
          ...{ id: 'note-2', content: 'Pays by invoice.', kind: 'fact', embedding: [0.1, 0.4, -0.2] },
          embeddingModel: 'example-3',
        },
      },
      replies: {
        202: {
          when: 'they have come, and will be in the memory',
          schema: AcceptedLoad,
          example: { load, items: 1, state: 'queued' },
        },
      },
      errors: {
        conflict:
          'Other work on this memory is under way; the items are of another model; the load was cancelled by an operator; or the tenant is being erased.',
        too_many_requests: `This gateway takes ${MOST_AT_ONCE} loads at a time.`,
      },
      handle: async ({ params, body, key, stores }) => {
        requireTenant(key, params.tenant)
        if (underWay >= MOST_AT_ONCE)
          throw new AppError('too_many_requests', `This gateway takes ${MOST_AT_ONCE} loads at a time.`)
        underWay++
        try {
          const { simulated } = key
          return reply(202, await loadItems(callerOf(stores, key), { ...params, chunks: body.chunks, simulated }))
        } finally {
          underWay--
        }
      },
    }),
    route({
      method: 'GET',
      path: '/v1/memory/:tenant/loads/:load',
      scope: 'app',
      summary: 'How far a load is',
      description:
        'added, updated and unchanged are null until the items are in the memory; the index may be built after that.',
      params: loadRef,
      example: { params: { tenant: 'acme', load } },
      replies: {
        200: {
          when: 'always',
          schema: LoadState,
          example: { ...state, state: 'done', added: 1, updated: 0, unchanged: 0 },
        },
      },
      errors: { not_found: 'There is no such load of this tenant.' },
      handle: ({ params, key, stores }) => {
        requireTenant(key, params.tenant)
        return loadState(stores, params)
      },
    }),
  ]
}

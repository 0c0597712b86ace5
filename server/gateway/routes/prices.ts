import { z } from 'zod'
import { callerOf } from '@/server/gateway/key'
import { reply } from '@/server/gateway/reply'
import { type Route, route } from '@/server/gateway/route'
import { addOverride } from '@/server/services/usage/prices/add-override'
import { applyCorrection } from '@/server/services/usage/prices/apply-correction'
import { endOverride } from '@/server/services/usage/prices/end-override'
import { listUnpriced } from '@/server/services/usage/prices/list-prices'
import { previewCorrection } from '@/server/services/usage/prices/preview-correction'
import {
  AddOverride,
  CorrectionId,
  EntryId,
  PreviewCorrection,
  SetAlias,
  ShownCorrection,
  UnpricedReply,
} from '@/server/services/usage/prices/prices.schema'
import { readCorrection } from '@/server/services/usage/prices/read-correction'
import { removeAlias } from '@/server/services/usage/prices/remove-alias'
import { setAlias } from '@/server/services/usage/prices/set-alias'
import { tenantSlug } from '@/server/services/text.schema'

export const priceRoutes = (): Route[] => [unpriced, override, end, alias, remove, preview, correction, apply]

const entry = z.strictObject({ id: z.coerce.number().pipe(EntryId.shape.id) })
const entered = (when: string) => ({ when, schema: z.object({ id: z.int() }), example: { id: 7 } })
const ended = { not_found: 'There is none with this id, or it has ended already.' }
const correctionExample = { id: '6c1a6f1e-2f0e-4f3e-9b59-0d7f4a4e2a11' }
const noCorrection = 'There is no such correction; previews are forgotten after a day.'

const unpriced = route({
  method: 'GET',
  path: '/v1/prices/unpriced',
  scope: 'operator',
  summary: 'What waits for a price',
  description: 'Models that were called and have no price, by provider and model as reported; the most calls first.',
  query: z.strictObject({ tenant: tenantSlug.optional() }),
  replies: {
    200: {
      when: 'always',
      schema: UnpricedReply,
      example: {
        total: 1,
        models: [
          {
            provider: 'azure',
            model: 'our-gpt',
            requests: 120,
            inputTokens: 144000,
            outputTokens: 21600,
            since: '2026-11-20T08:00:12.000Z',
            until: '2026-11-21T12:14:00.000Z',
            tenants: ['acme'],
            tenantCount: 1,
          },
        ],
      },
    },
  },
  example: {},
  handle: async ({ query, stores }) =>
    UnpricedReply.parse(await listUnpriced(stores, { tenant: query.tenant ?? null })),
})

const override = route({
  method: 'POST',
  path: '/v1/prices/overrides',
  scope: 'operator',
  summary: 'Enter a price',
  description:
    'In US dollars per million tokens, as decimal strings; for one tenant or for all, from an instant on. Where several are in force, the one entered last is; a tenant’s own comes before that for all. Gateways use it within a second. Calls costed before keep their cost until they are re-priced.',
  body: AddOverride,
  replies: { 201: entered('entered') },
  errors: { not_found: 'What it supersedes has ended already.', conflict: 'There are 5,000 overrides and aliases.' },
  example: {
    body: {
      provider: 'house',
      model: 'house-large',
      rates: { input: '2.5', output: '10', cacheRead: '0.25' },
      from: '2026-11-01T00:00:00Z',
      reason: 'Contract of November',
    },
  },
  handle: async ({ body, key, stores }) => reply(201, await addOverride(callerOf(stores, key), body)),
})

const end = route({
  method: 'POST',
  path: '/v1/prices/overrides/:id/end',
  scope: 'operator',
  summary: 'End an override',
  description: 'It stays in the history; calls costed with it keep their cost until they are re-priced.',
  params: entry,
  replies: { 200: entered('ended') },
  errors: ended,
  example: { params: { id: '7' } },
  handle: ({ params, key, stores }) => endOverride(callerOf(stores, key), params),
})

const alias = route({
  method: 'POST',
  path: '/v1/prices/aliases',
  scope: 'operator',
  summary: 'Say what a reported name is priced as',
  description:
    'For names that the price list does not know, or takes for the wrong model; "target": null says that it has no price. Replaces the alias that the name had.',
  body: SetAlias,
  replies: { 201: entered('set') },
  errors: { conflict: 'There are 5,000 overrides and aliases.' },
  example: { body: { provider: 'azure', model: 'our-gpt', target: { provider: 'openai', model: 'gpt-4o' } } },
  handle: async ({ body, key, stores }) => reply(201, await setAlias(callerOf(stores, key), body)),
})

const remove = route({
  method: 'POST',
  path: '/v1/prices/aliases/:id/remove',
  scope: 'operator',
  summary: 'Remove an alias',
  params: entry,
  replies: { 200: entered('removed') },
  errors: ended,
  example: { params: { id: '7' } },
  handle: ({ params, key, stores }) => removeAlias(callerOf(stores, key), params),
})

const preview = route({
  method: 'POST',
  path: '/v1/prices/corrections',
  scope: 'operator',
  summary: 'Preview a re-pricing',
  description:
    'Asks what the calls of a range would cost with the prices of now, each at its own time. Nothing changes; the worker works the difference out, and the correction’s "state" goes from "previewing" to "previewed".',
  body: PreviewCorrection,
  replies: {
    202: {
      when: 'asked for',
      schema: z.object({ id: z.uuid(), expected: z.int().describe('Calls that will be looked at') }),
      example: { ...correctionExample, expected: 18230 },
    },
  },
  example: {
    body: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z', reason: 'The contract price was missing' },
  },
  handle: async ({ body, key, stores }) => reply(202, await previewCorrection(callerOf(stores, key), body)),
})

const correction = route({
  method: 'GET',
  path: '/v1/prices/corrections/:id',
  scope: 'operator',
  summary: 'A correction: how far it is, and its differences',
  description: 'What would change until it is applied, then what has changed so far; by tenant and model.',
  params: CorrectionId,
  replies: { 200: { when: 'found', schema: ShownCorrection } },
  errors: { not_found: noCorrection },
  example: { params: correctionExample },
  handle: async ({ params, stores }) => ShownCorrection.parse(await readCorrection(stores, params)),
})

const apply = route({
  method: 'POST',
  path: '/v1/prices/corrections/:id/apply',
  scope: 'operator',
  summary: 'Apply a previewed re-pricing',
  description: 'Once only. The worker changes the costs slice by slice; totals equal the calls at every moment.',
  params: CorrectionId,
  replies: {
    202: { when: 'decided', schema: z.object({ id: z.uuid() }), example: correctionExample },
  },
  errors: {
    not_found: noCorrection,
    conflict: 'Its preview is not finished, it was applied already, or prices changed since the preview.',
  },
  example: { params: correctionExample },
  handle: async ({ params, key, stores }) => reply(202, await applyCorrection(callerOf(stores, key), params)),
})

import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gatewayRoutes } from './routes'
import type { Route } from './route'
import { gatewayServices } from './services'
import { newTenant, testGateway } from './test-gateway'

const RUNS = 2_000
const AT_ONCE = 20

let gateway: Awaited<ReturnType<typeof testGateway>>
let routes: Route[] = []

beforeAll(async () => {
  gateway = await testGateway()
  const services = gatewayServices(gateway.stores)
  routes = gatewayRoutes(services)
  services.close()
})
afterAll(() => gateway.close())

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '__proto__',
    'constructor',
    '../..',
    '%',
    '-1',
    '1e999',
    'NaN',
    'null',
    '💥',
    "';--",
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const value = fc.oneof(
  { depthSize: 'small' },
  nasty,
  fc.constantFrom(null, true, -1, 0, 1.5, 2 ** 53, 1e300, [], {}, [[[[]]]]),
  fc.jsonValue(),
)

/** The example of a call with something wrong in it: a changed, an added or a missing field, or no sense at all. */
const bodyOf = (route: Route) => {
  const example = route.example?.body
  if (typeof example !== 'object' || example === null) return value
  const names = Object.keys(example)
  return fc.oneof(
    value,
    fc.tuple(fc.constantFrom(...names), value).map(([name, wrong]) => ({ ...example, [name]: wrong })),
    fc.tuple(nasty, value).map(([name, wrong]) => ({ ...example, [name]: wrong })),
    fc.constantFrom(...names).map((name) => ({ ...example, [name]: undefined })),
  )
}

const request = fc.nat().chain((n) => {
  const route = routes[n % routes.length]
  if (!route) throw new Error('no routes')
  return fc.record({
    route: fc.constant(route),
    names: fc.array(nasty, { minLength: 2, maxLength: 2 }),
    query: fc.dictionary(
      fc.oneof(fc.constantFrom('tenant', 'from', 'to', 'groupBy', 'timezone', 'limit', 'channel', 'beat'), nasty),
      nasty,
      { maxKeys: 3 },
    ),
    body: bodyOf(route),
    type: fc.constantFrom(...[...Array<string>(3).fill('application/json'), ...(route.stream ?? []), 'text/plain', '']),
  })
})

const encode = (text: string) => {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80' // what a lone surrogate would be in UTF-8, if it were allowed there
  }
}

it(`R13: no input makes a 5xx: ${RUNS} requests over all routes`, async () => {
  const statuses = new Map<number, number>()
  const batches = fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE })
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const answers = await Promise.all(batch.map(send))
      for (const status of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect(answers.filter((status) => status >= 500)).toEqual([])
    }),
    { numRuns: RUNS / AT_ONCE, endOnFailure: true },
  )
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(RUNS)
  expect((await gateway.call('/healthz')).status).toBe(200)
}, 120_000)

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

async function send({ route, names, query, body, type }: Request): Promise<number> {
  // Tenants are never erased here: the runs of other tests share the stores.
  const slug = route.method === 'DELETE' && route.path.startsWith('/v1/tenants') ? newTenant() : null
  const path = route.path.replace(/:\w+/g, () => slug ?? encode(names.shift() || 'x'))
  const search = Object.entries(query).map(([name, text]) => `${encode(name)}=${encode(text)}`)
  const response = await fetch(`${gateway.url}${path}?${search.join('&')}`, {
    method: route.method,
    headers: { authorization: `Bearer ${gateway.keys.operator}`, 'content-type': type },
    body: route.body ? JSON.stringify(body) : undefined,
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel()
  else await response.arrayBuffer()
  return response.status
}

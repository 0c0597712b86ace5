import { randomUUID } from 'node:crypto'
import type { AnyProcedure } from '@trpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, type Role, roles, system } from '@/server/services/context'
import { activatePrompt } from '@/server/services/prompts/activate-prompt'
import { createPrompt } from '@/server/services/prompts/create-prompt'
import { createVersion } from '@/server/services/prompts/create-version'
import { connectStores } from '@/server/services/stores'
import { appRouter, createCaller } from './router'
import { makeOperator } from './test-support'

const stores = connectStores('console')
const caller: Caller = { ...stores, actor: system }
// Typed as the nested routers, kept flat: `settings.keys.list`.
const flat = appRouter._def.procedures as unknown as Record<string, AnyProcedure>
const procedures = Object.entries(flat).map(([path, procedure]) => ({ path, procedure }))
const name = `roles-${randomUUID()}`
const somebody = randomUUID()
const webhook = { name, url: 'http://127.0.0.1:1/', events: ['prompt.rollout_changed'] }

const price = { provider: 'openai', model: name, rates: { input: '1' }, from: '2026-01-01T00:00:00Z', tenant: 'nobody' }
const anHour = { from: '2020-01-01T00:00:00Z', to: '2020-01-01T01:00:00Z', tenants: ['nobody'], reason: 'Test' }

/** As many months as lets go of January 2020 only, as another test does. */
const since2020 = (new Date().getUTCFullYear() - 2020) * 12 + new Date().getUTCMonth() - 1
const halves = [1, 2].map((version) => ({ version, weight: 50 }))

const budgetTerms = { name, amountUsd: '1', thresholds: [100], enforcement: 'tell' }
const noScope = { tenant: 'nobody', user: null, key: null, model: null, prompt: null }
const budget = { ...budgetTerms, ...noScope, period: 'month', rollingDays: null, timezone: 'UTC' }

const flagRules = { enabled: true, share: 20, users: [], groups: [] }

/** No such connection: whoever may, learns that. */
const someKey = { connection: somebody, key: 'a2V5' }

const emptyDocument = {
  format: 'engram.prompt',
  formatVersion: 1,
  name,
  description: null,
  by: 'test',
  at: '2026-01-01T00:00:00.000Z',
  versions: [],
  activations: [],
}

/** For every procedure that changes something: input that is right in form, and the least role that may do it. */
const changes: Record<string, { input: unknown; least: Role }> = {
  'prompts.create': { input: { name: `new-${name}` }, least: 'operator' },
  'prompts.createVersion': { input: { name, content: 'Hello' }, least: 'operator' },
  'prompts.countTokens': { input: { content: 'Hello', model: null }, least: 'viewer' },
  'prompts.import': { input: { document: emptyDocument, dryRun: true }, least: 'operator' },
  'prompts.activate': { input: { name, version: 1 }, least: 'operator' },
  'prompts.rollOut': { input: { name, arms: halves }, least: 'operator' },
  'prompts.rollOutGuarded': { input: { name, guard: { version: 1 } }, least: 'operator' },
  'prompts.stopGuard': { input: { name }, least: 'operator' },
  'prompts.rollback': { input: { name }, least: 'operator' },
  'prompts.approve': { input: { name, id: somebody }, least: 'operator' },
  'prompts.reject': { input: { name, id: somebody, note: 'No' }, least: 'operator' },
  'prompts.withdraw': { input: { name, id: somebody }, least: 'operator' },
  'usage.saveQuestion': { input: { name, path: '/usage', search: '' }, least: 'operator' },
  'usage.deleteQuestion': { input: { id: somebody }, least: 'operator' },
  'prices.addOverride': { input: price, least: 'operator' },
  'prices.endOverride': { input: { id: 2_147_483_647 }, least: 'operator' },
  'prices.setAlias': { input: { tenant: 'nobody', provider: 'openai', model: name, target: null }, least: 'operator' },
  'prices.removeAlias': { input: { id: 2_147_483_647 }, least: 'operator' },
  'prices.previewCorrection': { input: anHour, least: 'operator' },
  'prices.applyCorrection': { input: { id: somebody }, least: 'operator' },
  'budgets.create': { input: budget, least: 'operator' },
  'budgets.change': { input: { id: somebody, ...budgetTerms }, least: 'operator' },
  'budgets.delete': { input: { id: somebody }, least: 'operator' },
  'budgets.restore': { input: { id: somebody }, least: 'operator' },
  'budgets.reconcile': { input: { id: somebody }, least: 'operator' },
  'sessions.createNamespace': { input: { name: somebody, store: 'redis' }, least: 'operator' },
  'sessions.move': { input: { name: somebody, store: 'unlogged' }, least: 'operator' },
  'sessions.cancelMove': { input: { name: somebody }, least: 'operator' },
  'sessions.removeNamespace': { input: { name: somebody }, least: 'operator' },
  'sessions.logOut': { input: { ids: [somebody] }, least: 'operator' },
  'sessions.foreign.logOut': {
    input: { connection: somebody, family: name, keys: null, user: 'nobody', everything: false },
    least: 'operator',
  },
  'sessions.cancelLogOut': { input: { id: somebody }, least: 'operator' },
  'sessions.undoLogOut': { input: { id: somebody }, least: 'operator' },
  'redisKeys.edit': { input: { ...someKey, type: 'string', at: '', before: 'YQ', after: 'Yg' }, least: 'operator' },
  'redisKeys.expire': { input: { ...someKey, before: null, after: null }, least: 'operator' },
  'redisKeys.delete': { input: { ...someKey, mark: 'length:list:0' }, least: 'operator' },
  'redisKeys.restore': { input: { ...someKey, trash: somebody, expiresAt: null }, least: 'operator' },
  'redisKeys.deletePattern': { input: { connection: somebody, pattern: 'KgA' }, least: 'operator' },
  'redisKeys.cancelDelete': { input: { id: somebody }, least: 'operator' },
  'redisKeys.testConnection': { input: { name, address: 'redis://127.0.0.1:1' }, least: 'admin' },
  'redisKeys.addConnection': { input: { name, address: 'redis://127.0.0.1:1' }, least: 'admin' },
  'redisKeys.setWritable': { input: { connection: somebody, writable: false }, least: 'admin' },
  'redisKeys.removeConnection': { input: { connection: somebody }, least: 'admin' },
  'flags.create': { input: { name, description: null, ...flagRules }, least: 'operator' },
  'flags.change': { input: { name: somebody, tenant: null, rules: flagRules, reason: null }, least: 'operator' },
  'flags.delete': { input: { name: somebody, reason: null }, least: 'operator' },
  'leaderboards.create': { input: { name, tenant: null, mode: 'durable' }, least: 'operator' },
  'leaderboards.setMode': { input: { name: somebody, tenant: null, mode: 'live' }, least: 'operator' },
  'leaderboards.close': { input: { name: somebody, tenant: null }, least: 'operator' },
  'leaderboards.reopen': { input: { name: somebody, tenant: null }, least: 'operator' },
  'leaderboards.checkNow': { input: { name: somebody, tenant: null }, least: 'operator' },
  'leaderboards.reconcile': { input: { name: somebody, tenant: null, checkId: 1 }, least: 'operator' },
  'savings.setRedisPrice': { input: { usdPerGibMonth: null }, least: 'operator' },
  'tenants.erase': { input: { slug: 'nobody' }, least: 'operator' },
  'embedding.register': { input: { name, dimensions: 8, endpoint: 'http://127.0.0.1:1' }, least: 'admin' },
  'embedding.remove': { input: { name }, least: 'admin' },
  'embedding.start': { input: { tenant: 'nobody', model: name }, least: 'operator' },
  'embedding.pause': { input: { tenant: 'nobody' }, least: 'operator' },
  'embedding.resume': { input: { tenant: 'nobody' }, least: 'operator' },
  'embedding.switch': { input: { tenant: 'nobody', model: name }, least: 'operator' },
  'embedding.drop': { input: { tenant: 'nobody', model: name }, least: 'operator' },
  'vectors.measureRecall': { input: { tenant: 'nobody' }, least: 'operator' },
  'vectors.setSearch': { input: { tenant: 'nobody', efSearch: 40 }, least: 'operator' },
  'vectors.setKeeping': { input: { keep: false }, least: 'admin' },
  'vectors.setSleep': { input: { afterDays: null }, least: 'operator' },
  'vectors.askForJob': { input: { tenant: 'nobody', work: { kind: 'memory.vacuum' } }, least: 'operator' },
  'vectors.cancelJob': { input: { id: somebody }, least: 'operator' },
  'settings.retention.set': { input: { keepMonths: since2020 }, least: 'admin' },
  'settings.channels.setApproval': { input: { channel: name, required: false }, least: 'admin' },
  'settings.webhooks.create': { input: webhook, least: 'admin' },
  'settings.webhooks.update': { input: { ...webhook, id: somebody, enabled: true }, least: 'admin' },
  'settings.webhooks.delete': { input: { id: somebody }, least: 'admin' },
  'settings.webhooks.test': { input: { id: somebody }, least: 'admin' },
  'settings.webhooks.retry': { input: { id: 1 }, least: 'admin' },
  'cache.declareFamily': {
    input: { name, pattern: `${name}:*`, kind: 'other', decode: 'text', userAt: null, software: null },
    least: 'admin',
  },
  'cache.forgetFamily': { input: { name: somebody }, least: 'admin' },
  'kv.move': { input: { name, to: 'redis' }, least: 'operator' },
  'kv.cancelMove': { input: { name }, least: 'operator' },
  'kv.duel': { input: { against: 'unlogged' }, least: 'operator' },
  'kv.stopDuel': { input: { id: somebody }, least: 'operator' },
  'kv.markProduction': { input: { store: 'redis', production: false }, least: 'admin' },
  'limits.set': {
    input: { name, tenant: null, kind: 'fixed_window', points: 1, windowSeconds: 60 },
    least: 'operator',
  },
  'limits.delete': { input: { name, tenant: null }, least: 'operator' },
  'limits.reset': { input: { policyId: somebody, tenant: '', subject: 'u' }, least: 'operator' },
  'settings.keys.create': { input: { name, scope: 'app', tenants: null }, least: 'admin' },
  'settings.keys.revoke': { input: { id: somebody }, least: 'admin' },
  'settings.operators.invite': { input: { email: `${name}@example.com`, name, role: 'viewer' }, least: 'admin' },
  'settings.operators.setRole': { input: { id: somebody, role: 'viewer' }, least: 'admin' },
  'settings.operators.disable': { input: { id: somebody }, least: 'admin' },
  'settings.operators.enable': { input: { id: somebody }, least: 'admin' },
  'settings.operators.createSignInLink': { input: { email: 'nobody@example.com' }, least: 'admin' },
  'settings.operators.setPassword': { input: { current: 'wrong', password: 'long enough it is' }, least: 'viewer' },
}

/** The code that a procedure answers with, or `ok`. */
async function outcome(path: string, role: Role | null, input: unknown): Promise<string> {
  const operator = role && {
    kind: 'operator' as const,
    name: role,
    email: 'o@example.com',
    role,
    id: (await makeOperator(stores, role)).id,
  }
  const root: unknown = createCaller({ stores, operator })
  const call = path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], root)
  try {
    await (call as (input: unknown) => Promise<unknown>)(input)
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  }
}

beforeAll(async () => {
  await stores.redis.ready()
  await createPrompt(caller, { name })
  for (const version of [1, 2]) {
    await createVersion(caller, { name, content: `Hello ${version}`, force: false })
    await activatePrompt(caller, { name, version, channel: 'production' })
  }
})
afterAll(() => stores.close())

describe('who is not signed in', () => {
  test.each(procedures)('gets UNAUTHORIZED from $path, whatever is sent', async ({ path }) => {
    expect(await outcome(path, null, changes[path]?.input)).toBe('UNAUTHORIZED')
    expect(await outcome(path, null, { nonsense: '\0' })).toBe('UNAUTHORIZED')
  })
})

describe('R10: the role decides', () => {
  const mutations = procedures.filter(({ procedure }) => procedure._def.type === 'mutation').map(({ path }) => path)

  test('about every procedure that changes something, and this test knows them all', () => {
    expect(Object.keys(changes).sort()).toEqual(mutations.sort())
  })

  const matrix = mutations.flatMap((path) => roles.map((role) => ({ path, role })))
  test.each(matrix)('$role and $path', async ({ path, role }) => {
    const change = changes[path]
    if (!change) throw new Error(`${path} is not in the table above`)
    const allowed = roles.indexOf(role) >= roles.indexOf(change.least)
    const code = await outcome(path, role, change.input)
    if (allowed) expect(['ok', 'NOT_FOUND', 'CONFLICT', 'BAD_REQUEST']).toContain(code)
    else expect(code).toBe('FORBIDDEN')
  })
})

describe('errors', () => {
  test('R13: bad input names its field', async () => {
    const { id } = await makeOperator(stores, 'admin')
    const admin = createCaller({
      stores,
      operator: { kind: 'operator', id, name: 'A', email: 'a@example.com', role: 'admin' },
    })
    await expect(admin.settings.keys.create({ name: 'a\0b', scope: 'app', tenants: null })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { field: 'name' },
    })
    await expect(admin.settings.operators.setPassword({ current: 'wrong', password: 'short' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { field: 'password' },
    })
  })

  test('what nobody expected hides its text and keeps its cause', async () => {
    const broken = { ...stores, db: { select: () => { throw new Error('secret of the database') } } } // prettier-ignore
    const { id } = await makeOperator(stores, 'viewer')
    const viewer = createCaller({
      stores: broken as unknown as typeof stores,
      operator: { kind: 'operator', id, name: 'V', email: 'v@example.com', role: 'viewer' },
    })
    const error: unknown = await viewer.settings.keys.list().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', cause: { message: 'secret of the database' } })
    expect((error as Error).message).not.toContain('secret')
  })
})

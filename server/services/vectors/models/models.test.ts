import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectModel } from '@/db/postgres/queries/embedding-models'
import { testStores } from '@/server/services/vectors/test-memory'
import { listModels } from './list-models'
import { embedLocally, LOCAL_MODEL } from './local-embedder'
import { RegisterModel } from './models.schema'
import { registerModel } from './register-model'
import { removeModel } from './remove-model'
import { testEndpoint } from './test-endpoint'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const nearness = (a: string, b: string) => {
  const other = embedLocally(b)
  return embedLocally(a).reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0)
}

describe('the built-in embedder', () => {
  it('gives the same text the same numbers, of length 1, whatever it is made of', () => {
    for (const text of ['The invoice is late.', '¡!¿?', '  ', '請求書が遅れています', 'a'.repeat(100_000)]) {
      expect(Math.hypot(...embedLocally(text))).toBeCloseTo(1, 9)
      expect(embedLocally(text)).toEqual(embedLocally(text))
      expect(embedLocally(text)).toHaveLength(256)
    }
  })

  it('finds texts that share words nearer than others, and nothing of meaning', () => {
    expect(nearness('the invoice is late', 'an invoice that is late')).toBeGreaterThan(0.3)
    expect(nearness('the invoice is late', 'she prefers tea')).toBeLessThan(0.2)
  })
})

describe('a model', () => {
  it('is registered once its endpoint has embedded a sentence; its key is sealed, sent, and never shown', async () => {
    const endpoint = await testEndpoint({ dimensions: 6 })
    await registerModel(stores, { ...endpoint.model, key: 'secret-key' })
    expect(endpoint.asked).toMatchObject([{ model: endpoint.model.name, authorization: 'Bearer secret-key' }])
    const listed = await listModels(stores)
    expect(listed[0]).toMatchObject({ name: LOCAL_MODEL, local: true, dimensions: 256 })
    const one = listed.find(({ name }) => name === endpoint.model.name)
    expect(one).toMatchObject({ hasKey: true, tenants: 0, pricePerMillion: '0.02' })
    expect(JSON.stringify(listed)).not.toContain('secret-key')
    expect((await selectModel(stores.db, endpoint.model.name))?.sealedKey).not.toContain('secret-key')
    await expect(registerModel(stores, endpoint.model)).rejects.toMatchObject({ field: 'name' })
    await removeModel(stores, { name: endpoint.model.name })
    await expect(removeModel(stores, { name: endpoint.model.name })).rejects.toMatchObject({ code: 'not_found' })
    await expect(removeModel(stores, { name: LOCAL_MODEL })).rejects.toMatchObject({ code: 'conflict' })
    await endpoint.close()
  })

  it('that does not embed is refused with what is wrong, by its field', async () => {
    const endpoint = await testEndpoint({ dimensions: 6 })
    const { model } = endpoint
    await expect(registerModel(stores, { ...model, dimensions: 7 })).rejects.toMatchObject({ field: 'dimensions' })
    endpoint.answer((response) => void response.writeHead(401).end('{"error":{"message":"Incorrect API key"}}'))
    await expect(registerModel(stores, model)).rejects.toMatchObject({
      field: 'endpoint',
      message: expect.stringContaining('401: Incorrect API key'),
    })
    await endpoint.close()
    await expect(registerModel(stores, model)).rejects.toMatchObject({ field: 'endpoint' })
    for (const bad of ['http://169.254.169.254/v1', 'http://user:pass@127.0.0.1/', 'http://127.0.0.1/?x=1'])
      await expect(registerModel(stores, { ...model, endpoint: bad })).rejects.toMatchObject({ field: 'endpoint' })
    expect(RegisterModel.safeParse({ ...model, dimensions: 20_000 }).success).toBe(false)
    expect(RegisterModel.safeParse({ ...model, pricePerMillion: '-1' }).success).toBe(false)
    expect(RegisterModel.safeParse({ ...model, endpoint: 'ftp://example.com' }).success).toBe(false)
  })

  it('needs an admin', async () => {
    const operator = { ...stores, actor: { ...stores.actor, role: 'operator' as const } }
    const endpoint = await testEndpoint({ dimensions: 6 })
    await expect(registerModel(operator, endpoint.model)).rejects.toMatchObject({ code: 'forbidden' })
    expect(endpoint.asked).toEqual([])
    await endpoint.close()
  })
})

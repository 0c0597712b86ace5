import { expect, it } from 'vitest'
import { erasureReceipt } from '@/server/services/tenants/tenants.schema'
import { erasureFamilies, prepareReceipt, totalOf } from './erasure-families'

const { redis, postgres } = erasureReceipt.shape
const zeros = <Name extends string>(shape: Record<Name, unknown>) =>
  Object.fromEntries(Object.keys(shape).map((name) => [name, 0])) as Record<Name, number>
const nothing = { redis: zeros(redis.shape), postgres: zeros(postgres.shape) }

it('every part of a receipt stands in one family', () => {
  expect(erasureFamilies.flatMap((family) => family.redis).sort()).toEqual(Object.keys(redis.shape).sort())
  expect(erasureFamilies.flatMap((family) => family.postgres).sort()).toEqual(Object.keys(postgres.shape).sort())
})

it('a receipt says by family what was found, erased, kept and is left', () => {
  const found = { redis: { ...nothing.redis, searches: 2 }, postgres: { ...nothing.postgres, memory: 40, llmUsage: 7 } }
  const erased = { redis: found.redis, postgres: { ...found.postgres, llmUsage: 0 } }
  const lines = prepareReceipt({ found, ...erased, kept: { llmUsage: 7 }, remaining: nothing })
  const line = (name: string) => lines.find((one) => one.name === name)
  expect(line('Vector memory')).toEqual({
    name: 'Vector memory',
    found: 42,
    redis: 2,
    postgres: 40,
    kept: 0,
    remaining: 0,
    parts: 'searches 2 · memory 40',
  })
  expect(line('Usage and cost')).toMatchObject({ found: 7, redis: null, postgres: 0, kept: 7 })
  expect(totalOf(found)).toBe(49)
})

import { expect, it } from 'vitest'
import { listsFor, probesFor } from '@/server/services/vectors/index-size'
import { forcedBy, needsOf } from './judge-method'

const [MB, GB] = [1024 ** 2, 1024 ** 3]
const memory = { maintenanceBytes: 64 * MB, cacheBytes: 4 * GB, indexBytes: GB }
const needs = (rows: number, dimensions = 384) => {
  const found = needsOf({ dimensions, indexType: 'vector', m: 16 }, rows)
  if (!found) throw new Error('no needs')
  return found
}
const forced = (rows: number, more: Partial<typeof memory> = {}, indexed = false) =>
  forcedBy({ needs: needs(rows), indexed }, { ...memory, ...more })

it('a graph that does not fit by far to be built forces IVFFlat, as long as that fits', () => {
  expect(forced(10_000)).toBe(null)
  expect(forced(118_000)).toBe(null) // 254 MB
  expect(forced(120_000)).toBe('build') // 258 MB
  expect(forced(120_000, { maintenanceBytes: GB })).toBe(null)
  expect(forced(120_000, {}, true)).toBe(null) // it has one
  expect(forced(2_000_000)).toBe(null) // centres and samples do not fit either
})

it('indexes beyond the cache force those that would be smaller', () => {
  const full = { indexBytes: 5 * GB }
  expect(forced(50_000, full, true)).toBe('room')
  expect(forced(50_000, full)).toBe(null)
  expect(forcedBy({ needs: needs(20_000, 1_536), indexed: true }, { ...memory, ...full })).toBe(null) // one item per page either way
})

it('what was measured is what the formulas say: 20,000 rows of 384 dimensions', () => {
  const { hnsw, ivfflat } = needs(20_000)
  expect(ivfflat.bytes / 32_858_112).toBeCloseTo(1, 2)
  expect(hnsw.bytes / 40_968_192).toBeCloseTo(1, 2)
  // pgvector: the graph no longer fits into 11 MB after 5,128 tuples; IVFFlat requires 16 MB.
  expect(hnsw.buildBytes / 20_000 / ((11 * MB) / 5_128)).toBeCloseTo(1, 2)
  expect(Math.ceil(ivfflat.buildBytes / MB)).toBe(16)
})

it('lists and probes follow the rule of thumb', () => {
  expect([0, 9_000, 120_000, 1_000_000, 4_000_000, 1e12].map(listsFor)).toEqual([10, 10, 120, 1_000, 2_000, 32_768])
  expect([10, 120, 1_000].map(probesFor)).toEqual([3, 11, 32])
})

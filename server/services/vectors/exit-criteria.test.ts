import { afterAll, beforeAll, expect, it } from 'vitest'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { samplePartitions } from '@/db/postgres/queries/vectors-samples'
import { askForJob } from './ask-for-job'
import { exitCriteria } from './exit-criteria'
import { type ExitFacts, exitThresholds, judgeExit } from './judge-exit'
import { measureRecall } from './measure-recall'
import { jobRunner } from './run-jobs'
import { itemsOf, newTenant, randomOf, remember, testStores } from './test-memory'

const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const GB = 1024 ** 3
const calm: ExitFacts = {
  memory: { sharedBuffersBytes: GB, cacheBytes: 4 * GB, indexes: 3, indexBytes: GB / 2, leastHitRatio: 0.99 },
  build: { tenant: 'a', rows: 10, ms: 1_000, measured: true, at: null },
  vacuum: { counted: true, longest: { tenant: 'a', ms: 5, vacuums: 3 } },
  locks: { waiting: 0, longestMs: 0 },
  recall: [{ tenant: 'a', recall: 0.97, target: 0.95, at: '2026-01-01T00:00:00.000Z' }],
  share: { memoryMs: 10, allMs: 100, since: null },
}
const tones = (facts: Partial<ExitFacts>) =>
  Object.fromEntries(judgeExit({ ...calm, ...facts }).map(({ key, tone }) => [key, tone]))

it('each criterion is judged by its own figure and thresholds', () => {
  expect(Object.values(tones({})).every((tone) => tone === 'green')).toBe(true)
  const memory = (indexBytes: number) => tones({ memory: { ...calm.memory, indexBytes } }).memory
  expect([memory(GB), memory(2 * GB), memory(5 * GB)]).toEqual(['green', 'amber', 'red'])
  const build = (ms: number) => tones({ build: { ...calm.build, ms } as ExitFacts['build'] }).build
  expect([build(11 * 60_000), build(61 * 60_000)]).toEqual(['amber', 'red'])
  const recall = (found: number | null) =>
    tones({ recall: [...calm.recall, { tenant: 'b', recall: found, target: 0.95, at: '' }] }).recall
  expect([recall(0.95), recall(0.94), recall(0.89), recall(null)]).toEqual(['green', 'amber', 'red', 'red'])
  const share = (memoryMs: number) => tones({ share: { memoryMs, allMs: 100, since: null } }).share
  expect([share(50), share(51), share(81)]).toEqual(['green', 'amber', 'red'])
  expect(tones({ locks: { waiting: 1, longestMs: 1_500 } }).locks).toBe('amber')
})

it('R12: what cannot be had is not judged', () => {
  expect(
    tones({
      memory: { ...calm.memory, indexes: 0 },
      build: null,
      vacuum: { counted: false },
      recall: [],
      share: null,
    }),
  ).toEqual({ memory: null, build: null, vacuum: null, locks: 'green', recall: null, share: null })
})

it('the figures are those of this installation', async () => {
  const tenant = newTenant()
  const random = randomOf(5)
  const vectors = Array.from({ length: 300 }, () => Array.from({ length: 6 }, () => random() - 0.5))
  await remember(stores, tenant, itemsOf(vectors))
  for (const kind of ['memory.build-index', 'memory.vacuum'] as const) {
    await askForJob(stores, { tenant, work: { kind } })
    await jobRunner(stores, { tenant }).run()
  }
  await samplePartitions(stores.db, { tenant })
  await measureRecall(stores, { tenant, k: 5, sample: 5 })
  const { facts, criteria } = await exitCriteria(stores)
  expect(facts.memory.indexBytes).toBeGreaterThan(0)
  expect(facts.memory.sharedBuffersBytes).toBeGreaterThan(1024 ** 2)
  expect(facts.build?.rows).toBeGreaterThanOrEqual(300)
  expect(facts.recall.find((one) => one.tenant === tenant)).toMatchObject({ target: expect.closeTo(0.95) })
  expect(criteria).toHaveLength(6)
  if (facts.share) expect(facts.share.memoryMs).toBeLessThanOrEqual(facts.share.allMs)
  expect(facts.locks.waiting).toBeGreaterThanOrEqual(0)
  expect(exitThresholds.latencyBudgetMs).toBeGreaterThan(0)
  await eraseTenant(stores, { slug: tenant })
}, 60_000)

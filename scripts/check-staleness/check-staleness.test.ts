import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CheckedEngines, engines } from '@/scripts/checks/engines'
import { controlNames } from './controls'
import { excerptAround } from './excerpt'
import { type Options, usual } from './options'
import { checkStaleness } from './run'

/** A short run of `npm run check:staleness`, on engines of its own: its workers must not meet other tests' activations. */
const short: Options = {
  ...usual,
  activations: 50,
  readers: 8,
  prompts: 2,
  writers: 3,
  gateways: 2,
  workers: 1,
  kills: 2,
  pauses: 0,
  freezes: 1,
  longestFreezeMs: 1_500,
  // Embedded Postgres is one client's at a time, for as long as its replies travel: 20 ms for each would be a standstill.
  databaseDelayMs: 4,
  pauseMs: 30,
  seed: 1,
  control: null,
  directory: '.engram/test/check-staleness',
}

let stores: CheckedEngines
beforeAll(async () => {
  stores = await engines({})
})
afterAll(() => stores.stop())

it('R4: no read is stale while processes are killed, Redis freezes and entries are evicted', async () => {
  const { reads, writes, done, stale, otherViolations, findings, files } = await checkStaleness(short, stores)
  const [first] = findings
  expect(first && [first.says, ...(await excerptAround(first, files))]).toBeUndefined()
  expect({ stale, otherViolations }).toEqual({ stale: 0, otherViolations: 0 })
  expect(done).toMatchObject({ kills: 2, killedBeforeApply: 1, freezes: 1 })
  expect(writes.acknowledged).toBeGreaterThan(50)
  expect(writes.unansweredButCommitted).toBeGreaterThan(0)
  for (const path of ['shared', 'gateway', 'sdk'] as const) expect(reads[path]?.answered).toBeGreaterThan(100)
  expect(reads.shared?.sources.redis).toBeGreaterThan(20)
  expect(reads.shared?.sources.postgres).toBeGreaterThan(20)
  expect(reads.gateway?.sources.copy).toBeGreaterThan(20)
}, 300_000)

it.each(controlNames)(
  'R4: the checker catches "%s"',
  async (control) => {
    const directory = `${short.directory}-${control}`
    const once: Options = { ...short, activations: 200, databaseDelayMs: 0, control, directory }
    const { stale } = await checkStaleness(once, stores)
    expect(stale).toBeGreaterThan(0)
  },
  120_000,
)

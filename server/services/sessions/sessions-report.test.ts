import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectStores } from '@/server/services/stores'
import { sessionsReport, verdicts } from './sessions-report'

const stores = connectStores('console')
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

it('R5: without Redis what Postgres knows of sessions stays, and turns are neither late nor called quiet', async () => {
  const scope = { range: '1h', from: null, to: null, timezone: 'UTC', tenant: null } as const
  const without = { ...stores, redis: { ...stores.redis, healthy: () => false } }
  const report = await sessionsReport(without, scope)
  expect(report.namespaces).toEqual(expect.any(Array))
  const quiet = ({ verdicts }: Pick<typeof report, 'verdicts'>) =>
    verdicts.flatMap((one) => (one.kind === 'quiet' ? one.checks : []))
  expect(quiet(report)).not.toContain('turns reach Postgres')

  const asked = { now: new Date(), check: undefined, sample: null, evicted: null }
  expect(quiet({ verdicts: verdicts({ ...asked, waiting: { count: 0, oldestAt: null } }) })).toEqual([
    'turns reach Postgres',
  ])
  const late = { count: 3, oldestAt: Date.now() - 60_000 }
  expect(verdicts({ ...asked, waiting: late })).toMatchObject([{ kind: 'turns-wait', count: 3 }])
})

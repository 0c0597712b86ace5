import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { upsertProcess } from '@/db/postgres/queries/processes'
import { faultyLink } from '@/scripts/faults/faulty-link'
import { rawSql } from '@/scripts/faults/raw-sql'
import { thisProcess } from '@/server/services/live/this-process'
import { pruneConfirmations } from '@/server/worker/jobs/prune-confirmations'
import { testGateway } from './test-gateway'
import { openStream } from './test-stream'

type Gateway = Awaited<ReturnType<typeof testGateway>>
type Link = Awaited<ReturnType<typeof faultyLink>>
const sql = rawSql(process.env.DATABASE_URL ?? '')
const [self, otherSelf] = [thisProcess('gateway'), thisProcess('gateway')]
let redisLink: Link
let postgresLink: Link
let gateway: Gateway
let other: Gateway

beforeAll(async () => {
  redisLink = await faultyLink(process.env.REDIS_URL ?? '')
  postgresLink = await faultyLink(process.env.DATABASE_URL ?? '')
  gateway = await testGateway({ redisUrl: redisLink.url, databaseUrl: postgresLink.url, self })
  other = await testGateway({ self: otherSelf })
  for (const of of [gateway, other])
    await vi.waitFor(async () => expect(await hearing(of)).toBe(true), { timeout: 5_000 })
})
afterAll(async () => {
  await sql`delete from processes where id in ${sql([self.id, otherSelf.id])}`
  await gateway.close()
  await other.close()
  await Promise.all([redisLink.close(), postgresLink.close(), sql.end()])
})
beforeEach(async () => {
  for (const process of [self, otherSelf]) await upsertProcess(other.stores.db, process)
})

/** Whether its subscription is live: only then a beat comes at once. */
async function hearing({ url, keys }: Gateway) {
  const stream = await openStream(url, keys.app, { beat: '1000' })
  await sleep(20)
  stream.leave()
  return stream.of('beat').length > 0
}

async function promptOfTwo() {
  const name = `confirmed/${randomUUID()}`
  const path = `/v1/prompts/${encodeURIComponent(name)}`
  await other.call('/v1/prompts', { method: 'POST', body: { name } })
  for (const content of ['One', 'Two']) await other.call(`${path}/versions`, { method: 'POST', body: { content } })
  const activate = async (version: number) => {
    const { status, body } = await other.call(`${path}/activate`, { method: 'POST', body: { version } })
    expect(status).toBe(200)
    return Number(body.revision)
  }
  return { name, activate, read: (of: Gateway) => of.call(path).then(({ body }) => body.revision) }
}

type Row = { process: string; role: string; name: string; revision: number; ms: number | null }

/** What is known of these processes: other tests of the same stores have gateways of their own. */
const rowsOf = (name: string, processes: string[], revision: number) => sql<Row[]>`
  select c.process, c.role, c.name, c.revision::int,
    (extract(epoch from c.confirmed_at - coalesce(a.applied_at, a.committed_at)) * 1000)::float8 as ms
  from prompt_confirmations c
  join prompts p on p.id = c.prompt_id
  join prompt_activations a using (prompt_id, channel, revision)
  where p.name = ${name} and c.process in ${sql(processes)} and c.revision = ${revision}
  order by c.process`
const confirmedBy = async (name: string, processes: string[], revision: number) =>
  (await rowsOf(name, processes, revision)).filter(({ ms }) => ms !== null).map(({ process }) => process)

const sdk = (id: string, of = gateway, key = of.keys.app, name = 'api') =>
  openStream(of.url, key, { process: id, name, beat: '50' })
const known = async (id: string) =>
  (await sql`select name, via, role from processes where id = ${id} and seen_at > now() - interval '15 s'`)[0]
const confirm = (id: string, prompts: object[], key = gateway.keys.app) =>
  gateway.call('/v1/confirmations', { method: 'POST', key, body: { process: id, prompts } })

describe('an activation', () => {
  it('is confirmed by every gateway within 250 ms, without being asked for', async () => {
    const { name, activate } = await promptOfTwo()
    const both = [self.id, otherSelf.id].sort()
    for (const version of [1, 2, 1]) {
      const revision = await activate(version)
      await expect.poll(() => confirmedBy(name, both, revision), { timeout: 2_000 }).toEqual(both)
      const rows = await rowsOf(name, both, revision)
      expect(rows.every(({ role, name, ms }) => role === 'gateway' && /^gateway-/.test(name) && Number(ms) < 250)).toBe(
        true,
      )
    }
  })

  it('asks only whoever was alive: not who is long gone, and not console and worker', async () => {
    const [gone, worker] = [thisProcess('gateway'), thisProcess('worker')]
    for (const process of [gone, worker]) await upsertProcess(other.stores.db, process)
    await sql`update processes set seen_at = now() - interval '16 s' where id = ${gone.id}`
    const { name, activate } = await promptOfTwo()
    const revision = await activate(1)
    const rows = await rowsOf(name, [gone.id, worker.id, otherSelf.id], revision)
    expect(rows.map(({ process }) => process)).toEqual([otherSelf.id])
    await sql`delete from processes where id in ${sql([gone.id, worker.id])}`
  })

  it('shows who lags: a gateway cut off from Redis confirms nothing until it is back, and then everything', async () => {
    const { name, activate } = await promptOfTwo()
    await activate(1)
    redisLink.cut()
    const missed = [await activate(2), await activate(1)]
    for (const revision of missed)
      await expect.poll(() => confirmedBy(name, [self.id, otherSelf.id], revision)).toEqual([otherSelf.id])
    await sleep(300)
    expect(await confirmedBy(name, [self.id], Math.max(...missed))).toEqual([])
    redisLink.mend()
    for (const revision of missed)
      await expect.poll(() => confirmedBy(name, [self.id], revision), { timeout: 5_000 }).toEqual([self.id])
  })

  it('R5: Postgres gone after it: reads go on, nothing is lost, and it is confirmed when Postgres is back', async () => {
    const { name, activate, read } = await promptOfTwo()
    await activate(1)
    expect(await read(gateway)).toBe(1)
    postgresLink.cut()
    const revision = await activate(2)
    const began = performance.now()
    await expect.poll(() => read(other)).toBe(revision)
    await sleep(500)
    expect(await confirmedBy(name, [self.id], revision)).toEqual([])
    expect((await gateway.call('/healthz')).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(3_000)
    postgresLink.mend()
    await expect.poll(() => confirmedBy(name, [self.id], revision), { timeout: 6_000 }).toEqual([self.id])
  }, 20_000)
})

describe('an SDK', () => {
  it('counts as a process while its stream is open, through whichever gateway, and no longer', async () => {
    const id = randomUUID()
    const first = await sdk(id)
    await expect.poll(() => known(id)).toEqual({ name: 'api', via: self.id, role: 'sdk' })
    // A renewed stream: the new one first, at another gateway, with the key that the process has.
    const second = await sdk(id, other, gateway.keys.app)
    await expect.poll(async () => (await known(id))?.via).toBe(otherSelf.id)
    first.leave()
    await sleep(300)
    expect(await known(id)).toBeDefined()
    second.leave()
    await expect.poll(() => known(id)).toBeUndefined()
  })

  it('is kept seen while its stream is open', async () => {
    const id = randomUUID()
    const stream = await sdk(id)
    await expect.poll(() => known(id)).toBeDefined()
    await sql`update processes set seen_at = now() - interval '1 minute' where id = ${id}`
    await expect.poll(() => known(id), { timeout: 8_000 }).toBeDefined()
    stream.leave()
  }, 15_000)

  it('confirms a revision and all before it, for itself only', async () => {
    const [id, sibling] = [randomUUID(), randomUUID()]
    const streams = [await sdk(id), await sdk(sibling)]
    for (const process of [id, sibling]) await expect.poll(() => known(process)).toBeDefined()
    const { name, activate } = await promptOfTwo()
    const [first, second] = [await activate(1), await activate(2)]
    expect(await confirmedBy(name, [id, sibling], first)).toEqual([])
    const answer = await confirm(id, [
      { name, channel: 'production', revision: second },
      { name: `unknown/${randomUUID()}`, channel: 'production', revision: 7 },
    ])
    expect(answer.status).toBe(204)
    for (const revision of [first, second])
      await expect.poll(() => confirmedBy(name, [id, sibling], revision)).toEqual([id])
    for (const stream of streams) stream.leave()
  })

  it('cannot speak for a process of another key, nor for a gateway', async () => {
    const id = randomUUID()
    const stream = await sdk(id)
    await expect.poll(() => known(id)).toBeDefined()
    const stranger = await gateway.keyFor('app')
    const thief = await sdk(id, gateway, stranger, 'thief')
    const elsewhere = await sdk(id, other, stranger, 'thief')
    const { name, activate } = await promptOfTwo()
    redisLink.freeze()
    const revision = await activate(1)
    const prompts = [{ name, channel: 'production', revision }]
    for (const process of [id, self.id])
      expect(
        (await other.call('/v1/confirmations', { method: 'POST', key: stranger, body: { process, prompts } })).status,
      ).toBe(204)
    await sleep(300)
    expect(await confirmedBy(name, [id, self.id], revision)).toEqual([])
    expect(await known(id)).toMatchObject({ name: 'api', via: self.id })
    redisLink.thaw()
    for (const open of [stream, thief, elsewhere]) open.leave()
    await expect.poll(() => confirmedBy(name, [self.id], revision), { timeout: 5_000 }).toEqual([self.id])
  })
})

it('confirmations of long ago are forgotten, and newer ones kept', async () => {
  const { name, activate } = await promptOfTwo()
  const [old, young] = [await activate(1), await activate(2)]
  const day = 24 * 3_600_000
  await sql`
    update prompt_activations set committed_at = committed_at - interval '91 days'
    where revision = ${old} and prompt_id = (select id from prompts where name = ${name})`
  expect(await pruneConfirmations(other.stores, Date.now() - 2 * day)).toBe(0)
  expect(await pruneConfirmations(other.stores)).toBeGreaterThan(0)
  expect(await rowsOf(name, [otherSelf.id], old)).toEqual([])
  expect(await rowsOf(name, [otherSelf.id], young)).toHaveLength(1)
})

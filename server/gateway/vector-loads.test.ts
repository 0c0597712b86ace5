import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimJob, endJob } from '@/db/postgres/queries/jobs'
import { lockBudget } from '@/db/postgres/queries/vectors-list'
import { sweepLoadTables } from '@/db/postgres/queries/vectors-load'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { system } from '@/server/services/context'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { cancelJob } from '@/server/services/vectors/cancel-job'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { takeIndexOff } from '@/server/services/vectors/sleep/put-to-sleep'
import { randomOf } from '@/server/services/vectors/test-memory'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { newTenant, testGateway } from './test-gateway'

let gateway: Awaited<ReturnType<typeof testGateway>>
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const caller = () => ({ ...gateway.stores, actor: system })
const random = randomOf(17)
const item = (n: number, more: object = {}) => ({
  id: `i-${n}`,
  content: `Item ${n} "quoted" \\ back\tslash ✓`,
  kind: n % 5 ? 'note' : 'fact',
  user: n % 3 ? `u-${n % 3}` : undefined,
  metadata: { n, deep: ['ü', null, 1.5] },
  embedding: Array.from({ length: 8 }, () => random() - 0.5),
  embeddingModel: 'load',
  ...more,
})
const linesOf = (items: object[]) => items.map((one) => `${JSON.stringify(one)}\n`).join('')
const headers = { 'content-type': 'application/x-ndjson' }
const load = (
  tenant: string,
  body: string | Uint8Array,
  more: { key?: string; headers?: Record<string, string> } = {},
) =>
  gateway.call(`/v1/memory/${tenant}/loads`, {
    method: 'POST',
    body,
    headers: { ...headers, ...more.headers },
    ...(more.key && { key: more.key }),
  })
const search = async (tenant: string, embedding: number[], k = 1_000) =>
  (await gateway.call(`/v1/memory/${tenant}/search`, { method: 'POST', body: { embedding, k } })).body.items as Found[]
type Found = { id: string; distance: number; content: string; metadata: object }
const work = (tenant: string) => jobRunner(gateway.stores, { tenant }).run()
const stateOf = async (tenant: string, id: unknown) =>
  (await gateway.call(`/v1/memory/${tenant}/loads/${String(id)}`)).body

async function tablesOf(tenant: string): Promise<number> {
  const [row] = await gateway.stores.db.execute<{ n: number }>(
    `select count(*)::int as n from pg_class, memory_partitions where tenant = '${tenant}' and relname like 'memory\\_load\\_' || number || '\\_%'`,
  )
  return row?.n ?? -1
}

describe('a load', () => {
  it('brings in what single items would have, to the last byte, and may be repeated', async () => {
    const [tenant, single] = [newTenant(), newTenant()]
    const items = Array.from({ length: 700 }, (_, n) =>
      item(n, n % 7 ? {} : { occurredAt: '2026-03-01T10:00:00.123+02:00' }),
    )
    const accepted = await load(tenant, gzipSync(`${linesOf(items)}\n`), { headers: { 'content-encoding': 'gzip' } })
    expect(accepted).toMatchObject({ status: 202, body: { items: 700, state: 'queued' } })
    expect(await search(tenant, items[0]?.embedding ?? [])).toEqual([])
    await work(tenant)
    const counted = { state: 'done', items: 700, added: 700, updated: 0, unchanged: 0, error: null }
    expect(await stateOf(tenant, accepted.body.load)).toMatchObject(counted)
    for (let at = 0; at < 700; at += 350)
      await gateway.call(`/v1/memory/${single}/items`, { method: 'POST', body: { items: items.slice(at, at + 350) } })
    const asked = items[3]?.embedding ?? []
    const found = await search(tenant, asked)
    expect(found).toHaveLength(700)
    expect(found).toEqual(await search(single, asked))
    const kept = (of: string) =>
      gateway.stores.db
        .execute(`select id, kind, user_id, content, metadata, embedding::text, embedding_model, content_hash,
        occurred_at from memory where tenant = '${of}' and occurred_at < '2026-04-01' order by id limit 1000`)
    expect([...(await kept(tenant))]).toEqual([...(await kept(single))])

    const [first, ...rest] = items
    const again = await load(tenant, linesOf([{ ...first, content: 'Changed' }, ...rest]))
    await work(tenant)
    expect(await stateOf(tenant, again.body.load)).toMatchObject({ added: 0, updated: 1, unchanged: 699 })
    // R4: what Redis kept of the search is void.
    expect((await search(tenant, asked)).filter(({ content }) => content === 'Changed')).toHaveLength(1)
    expect(await tablesOf(tenant)).toBe(0)
  })

  it('takes the index off where much comes in, and builds it again', async () => {
    const tenant = newTenant()
    await load(tenant, linesOf(Array.from({ length: 20 }, (_, n) => item(n))))
    await work(tenant)
    const indexes = async () => {
      const rows = await gateway.stores.db.execute<{
        name: string
      }>(`select relname as name from pg_index join pg_class on oid = indexrelid
        join memory_partitions on indrelid = to_regclass('memory_t' || number) where tenant = '${tenant}' and relname like '%hnsw%' and indisvalid`)
      return rows.map(({ name }) => name)
    }
    expect(await indexes()).toEqual([]) // so few are searched exactly
    await askForJob(caller(), { tenant, work: { kind: 'memory.build-index' } })
    await work(tenant)
    const [before] = await indexes()
    const accepted = await load(tenant, linesOf(Array.from({ length: 60 }, (_, n) => item(n + 10))))
    await work(tenant)
    expect(await stateOf(tenant, accepted.body.load)).toMatchObject({ state: 'done', added: 50, updated: 10 })
    const [after, ...others] = await indexes()
    expect(others).toEqual([])
    expect([typeof after, after === before]).toEqual(['string', false])
    expect(await search(tenant, item(0).embedding)).toHaveLength(70)
  })
})

describe('a load that ends after it took the index off brings nothing, and the index comes back as it was', () => {
  const options = async (tenant: string) => {
    const rows = await gateway.stores.db.execute<{
      options: string
    }>(`select array_to_string(reloptions, ' ') as options from pg_index
      join pg_class on oid = indexrelid join memory_partitions on indrelid = to_regclass('memory_t' || number)
      where tenant = '${tenant}' and relname like '%hnsw%' and indisvalid`)
    return rows.map((row) => row.options)
  }
  const AS_IT_WAS = ['m=8 ef_construction=40']
  /** A tenant with an index, a load that takes it off, and what Postgres does with each of its rows. */
  async function loading(onInsert: string) {
    const tenant = newTenant()
    await load(tenant, linesOf(Array.from({ length: 20 }, (_, n) => item(n))))
    await work(tenant)
    await askForJob(caller(), { tenant, work: { kind: 'memory.build-index', m: 8, efConstruction: 40 } })
    await work(tenant)
    expect(await options(tenant)).toEqual(AS_IT_WAS)
    const partition = await selectPartition(gateway.stores.db, tenant)
    const { body } = await load(tenant, linesOf(Array.from({ length: 60 }, (_, n) => item(n + 100))))
    const hook = `hook_${partition?.number}`
    await gateway.stores.db.execute(
      `create function ${hook}() returns trigger language plpgsql as $$ begin ${onInsert}; return new; end $$`,
    )
    await gateway.stores.db.execute(
      `create trigger hook before insert on memory_t${partition?.number} for each row execute function ${hook}()`,
    )
    const unhook = () => gateway.stores.db.execute(`drop function ${hook} cascade`)
    return { tenant, id: String(body.load), partition, unhook }
  }
  const back = async (tenant: string) => {
    await work(tenant)
    expect(await options(tenant)).toEqual(AS_IT_WAS)
    expect(await search(tenant, item(0).embedding)).toHaveLength(20)
    expect(await tablesOf(tenant)).toBe(0)
    expect(await selectPartition(gateway.stores.db, tenant)).toMatchObject({ indexOff: false, indexed: true })
  }

  it('when it fails', async () => {
    const { tenant, id, unhook } = await loading(`raise exception 'no room'`)
    await work(tenant)
    expect(await options(tenant)).toEqual([])
    expect(await stateOf(tenant, id)).toMatchObject({ state: 'failed', error: 'no room', added: null })
    await unhook()
    await sweepLoadTables(gateway.stores.db)
    await back(tenant)
  })

  it('when it is cancelled while it writes', async () => {
    // The embedded engine hears nobody while it writes, and the load comes to its end.
    const { embedded } = await lockBudget(gateway.stores.db)
    const { tenant, id, unhook } = await loading(`perform pg_sleep(${embedded ? 0 : 1})`)
    const working = work(tenant)
    await expect.poll(() => stateOf(tenant, id)).not.toMatchObject({ state: 'queued' })
    if (!embedded) await expect.poll(() => options(tenant)).toEqual([])
    await cancelJob(caller(), { id }).catch(() => {})
    await working
    await unhook()
    await sweepLoadTables(gateway.stores.db)
    if (embedded) expect(await options(tenant)).toEqual(AS_IT_WAS)
    else {
      expect(await stateOf(tenant, id)).toMatchObject({ state: 'cancelled', added: null })
      await back(tenant)
    }
  })

  it('when it is cancelled while it waits, given back by a worker that stopped', async () => {
    const { tenant, id, partition, unhook } = await loading('null')
    if (!partition) throw new Error('no partition')
    const worker = randomUUID()
    await claimJob(gateway.stores.db, worker, tenant)
    await takeIndexOff(gateway.stores, partition, 'load')
    await endJob(gateway.stores.db, { id, worker, state: 'queued' })
    expect(await options(tenant)).toEqual([])
    await cancelJob(caller(), { id })
    await unhook()
    await sweepLoadTables(gateway.stores.db)
    await back(tenant)
  })
})

describe('R13: a load that is wrong names its line, and leaves nothing', () => {
  const good = item(1)
  const wrong: [what: string, lines: string, status: number, field: string][] = [
    ['other dimensions', linesOf([good, item(2, { embedding: [1] })]), 400, 'lines.2.embedding'],
    ['NaN', `${linesOf([good])}{"id":"x","embedding":[NaN]}\n`, 400, 'lines.2'],
    [
      'null in a vector',
      linesOf([good, item(2, { embedding: [null, 1, 1, 1, 1, 1, 1, 1] })]),
      400,
      'lines.2.embedding.0',
    ],
    ['infinity', linesOf([good]) + linesOf([item(2)]).replace(/\[-?0\.\d+,/, '[1e999,'), 400, 'lines.2.embedding.0'],
    ['no direction', linesOf([good, item(2, { embedding: Array(8).fill(0) })]), 400, 'lines.2.embedding'],
    ['another model', linesOf([good, item(2, { embeddingModel: 'other' })]), 409, 'lines.2.embeddingModel'],
    ['no id', linesOf([good, item(2, { id: undefined })]), 400, 'lines.2.id'],
    ['an id twice', linesOf([good, item(2), good]), 400, 'lines.3.id'],
    ['no object', `${linesOf([good])}\n[1]\n`, 400, 'lines.3'],
    ['a line without its end', linesOf([good]) + '{"id":', 400, 'lines.2'],
    ['no items', '\n\n', 400, 'body'],
    ['an unknown field', linesOf([item(1, { colour: 'red' })]), 400, 'lines.1.colour'],
    ['a content with NUL', linesOf([item(1, { content: 'x\0' })]), 400, 'lines.1.content'],
    ['no UTF-8', '', 400, 'lines.1'],
  ]
  const tenant = newTenant()
  it.each(wrong)('%s', async (what, lines, status, field) => {
    const answer = await load(tenant, what === 'no UTF-8' ? Buffer.from([0x7b, 0xff, 0x0a]) : lines)
    expect({ status: answer.status, field: (answer.body.error as { field?: string }).field }).toEqual({ status, field })
    expect(await tablesOf(tenant)).toBe(0)
  })

  it('neither a model nor work under way stands in the way of a right one', async () => {
    const { status, body } = await load(tenant, linesOf([item(1, { embedding: [1, 2], embeddingModel: 'mine' })]))
    expect(status).toBe(202)
    await cancelJob(caller(), { id: String(body.load) })
  })

  it('one that is no gzip, of another type, for another tenant, or beside other work', async () => {
    const tenant = newTenant()
    const gzip = { 'content-encoding': 'gzip' }
    expect(await load(tenant, 'x', { headers: gzip })).toMatchObject({
      status: 400,
      body: { error: { field: 'body' } },
    })
    expect(await load(tenant, gzipSync(linesOf([good])).subarray(0, 40), { headers: gzip })).toMatchObject({
      status: 400,
    })
    expect(await load(tenant, linesOf([good]), { headers: { 'content-type': 'application/json' } })).toMatchObject({
      status: 415,
    })
    const stranger = await gateway.keyFor('app', [newTenant()])
    expect(await load(tenant, linesOf([good]), { key: stranger })).toMatchObject({ status: 403 })
    const { body } = await load(tenant, linesOf([good]))
    expect(await load(tenant, linesOf([good]))).toMatchObject({ status: 409, body: { error: { field: 'tenant' } } })
    await cancelJob(caller(), { id: String(body.load) })
    await sweepLoadTables(gateway.stores.db)
    expect(await tablesOf(tenant)).toBe(0)
  })
})

it('a gateway that is killed in the middle leaves nothing: the worker ends the load and takes its table away', async () => {
  const tenant = newTenant()
  const gone = new AbortController()
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(linesOf([item(1)]))),
  })
  const sent = fetch(`${gateway.url}/v1/memory/${tenant}/loads`, {
    ...{ method: 'POST', body, duplex: 'half', signal: gone.signal },
    headers: { ...headers, authorization: `Bearer ${gateway.keys.app}` },
  } as RequestInit).catch(() => null)
  await expect.poll(() => tablesOf(tenant)).toBe(1)
  // As the worker sees it once the gateway was killed: silence.
  await gateway.stores.db.execute(
    `update jobs set beat_at = now() - interval '1 min', worker = gen_random_uuid() where tenant = '${tenant}'`,
  )
  await work(tenant)
  expect(await tablesOf(tenant)).toBe(0)
  const [job] = await gateway.stores.db.execute(`select state, error from jobs where tenant = '${tenant}'`)
  expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('came to no end') })
  gone.abort()
  await sent
})

it('a caller that goes away in the middle leaves nothing', async () => {
  const tenant = newTenant()
  const gone = new AbortController()
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(linesOf([item(1)]))),
  })
  const sent = fetch(`${gateway.url}/v1/memory/${tenant}/loads`, {
    ...{ method: 'POST', body, duplex: 'half', signal: gone.signal },
    headers: { ...headers, authorization: `Bearer ${gateway.keys.app}` },
  } as RequestInit).catch(() => null)
  await expect.poll(() => tablesOf(tenant)).toBe(1)
  gone.abort()
  await sent
  await expect.poll(() => tablesOf(tenant)).toBe(0)
  const { status, body: again } = await load(tenant, linesOf([item(1)]))
  expect(status).toBe(202)
  await cancelJob(caller(), { id: String(again.load) })
})

it('a tenant that is erased takes a load along that waits', async () => {
  const tenant = newTenant()
  await load(tenant, linesOf([item(1)]))
  const [partition] = await gateway.stores.db.execute<{ number: number }>(
    `select number from memory_partitions where tenant = '${tenant}'`,
  )
  expect(await eraseTenant(caller(), { slug: tenant })).toMatchObject({ verified: true })
  expect(
    await gateway.stores.db.execute(
      `select relname from pg_class where relname like 'memory\\_load\\_${partition?.number}\\_%'`,
    ),
  ).toHaveLength(0)
})

it('R11: what waits is seen by its tenant alone', async () => {
  const [mine, theirs] = [newTenant(), newTenant()]
  const { body } = await load(theirs, linesOf([item(1)]))
  const [table] = await gateway.stores.db.execute<{
    name: string
  }>(`select relname as name from pg_class, memory_partitions
    where tenant = '${theirs}' and relname like 'memory\\_load\\_' || number || '\\_%'`)
  const seenBy = (tenant: string) =>
    gateway.stores.db.transaction(async (tx) => {
      await tx.execute(
        `select set_config('role', 'engram_memory', true), set_config('engram.tenant', '${tenant}', true)`,
      )
      return (await tx.execute(`select id from ${table?.name ?? ''}`)).length
    })
  expect([await seenBy(mine), await seenBy(theirs)]).toEqual([0, 1])
  await cancelJob(caller(), { id: String(body.load) })
})

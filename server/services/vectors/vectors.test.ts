import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Postgres } from '@/db/postgres/client'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { searchItems } from '@/db/postgres/queries/vectors-search'
import { updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { metrics } from '@/server/services/vectors/vectors.schema'
import { addItems } from './add-items'
import { deleteItem } from './delete-item'
import { forgetPartition } from './partitions'
import { searchMemory } from './search-memory'
import {
  distanceInJs,
  itemsOf,
  MODEL,
  newTenant,
  randomOf,
  remember,
  testStores,
  wholeVector,
  sql,
} from './test-memory'
import type { SearchMemory } from './vectors.schema'

type Found = { items: { id: string; distance: number; content: string; kind: string; metadata: object }[] }
const stores = testStores()
beforeAll(() => stores.redis.ready())
afterAll(() => stores.close())

const search = async (tenant: string, more: Partial<SearchMemory> & { embedding: number[] }) =>
  (JSON.parse(await searchMemory(stores, { tenant, search: { k: 10, ...more } })) as Found).items

describe('R11: a tenant never sees another', () => {
  const [mine, theirs] = [newTenant(), newTenant()]
  beforeAll(async () => {
    const random = randomOf(7)
    for (const tenant of [mine, theirs])
      await remember(
        stores,
        tenant,
        itemsOf(
          Array.from({ length: 20 }, () => wholeVector(random, 4)),
          { content: tenant },
        ),
      )
  })

  it('in a search', async () => {
    const found = await search(mine, { embedding: [1, 2, 3, 4], k: 100 })
    expect(found).toHaveLength(20)
    expect(new Set(found.map(({ content }) => content))).toEqual(new Set([mine]))
  })

  it('by row-level security alone, for a statement that forgot its tenant', async () => {
    const seen = await stores.db.transaction(async (tx) => {
      await becomeTenant(tx, mine)
      const rows = await tx.execute<{ tenant: string; rows: number }>(
        sql`select tenant, count(*)::int as rows from memory group by 1`,
      )
      const changed = await tx.execute(sql`update memory set kind = 'taken'`)
      const gone = await tx.execute(sql`delete from memory where tenant = ${theirs}`)
      return { rows: [...rows], changed: changed.count, gone: gone.count }
    })
    expect(seen).toEqual({ rows: [{ tenant: mine, rows: 20 }], changed: 20, gone: 0 })
  })

  it('nor writes for it', async () => {
    const stray = stores.db.transaction(async (tx) => {
      await becomeTenant(tx, mine)
      await tx.execute(sql`insert into memory (tenant, id, kind, content, metadata, embedding, embedding_model, occurred_at, content_hash)
        values (${theirs}, 'stray', 'x', 'x', '{}', '[1,2,3,4]', ${MODEL}, now(), '')`)
    })
    await expect(stray).rejects.toMatchObject({ cause: { code: '42501' } })
  })

  it('and without a tenant nobody sees anything', async () => {
    const rows = await stores.db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('role', 'engram_memory', true)`)
      return tx.execute(sql`select id from memory limit 1`)
    })
    expect(rows).toHaveLength(0)
  })

  it('R9: a search, as it is sent and with all that it may hold, locks no other tenant and at most 16 relations', async () => {
    const [other] = await stores.db.execute<{ number: number }>(
      sql`select number from memory_partitions where tenant = ${theirs}`,
    )
    const filter = { kind: 'note', user: "o'neill \\ ✓ 🙂", from: '2020-01-01', to: '2030-01-01', metadata: { a: 1 } }
    const space = { column: 'embedding', dimensions: 4, metric: 'cosine', indexType: 'vector' } as const
    const asked = {
      tenant: mine,
      space,
      embedding: [1, 2, 3, 4],
      filter,
      k: 5,
      width: { efSearch: 40, probes: 3 },
      text: 'item',
    }
    const locks = sql`select distinct c.relname as name from pg_locks l join pg_class c on c.oid = l.relation
      where l.pid = pg_backend_pid() and c.relname ~ '^memory(_t[0-9]+.*|_pkey|_user_idx|_tenant_id_pk)?$' limit 5000`
    for (const exact of [true, false]) {
      let locked: string[] = []
      const message: Postgres['message'] = async (statements) => {
        const answers = await stores.db.message([...statements, 'reset role', locks])
        locked = (answers.pop() as { name: string }[]).map(({ name }) => name)
        return answers.slice(0, -1)
      }
      await searchItems({ message }, { ...asked, exact, changing: true })
      expect(locked).toContain('memory')
      expect(locked).not.toContain(`memory_t${other?.number}`)
      expect(locked.length).toBeLessThanOrEqual(16)
    }
  })
})

describe('search', () => {
  it.each(metrics)('under %s is what brute force finds, to the last item, ties by id', async (metric) => {
    const tenant = newTenant()
    const random = randomOf(11)
    const vectors = Array.from({ length: 300 }, () => wholeVector(random, 8))
    vectors[17] = [...(vectors[3] ?? [])] // a tie
    const items = itemsOf(vectors)
    await remember(stores, tenant, items.slice(0, 1))
    await stores.db.transaction((tx) => updatePartition(tx, tenant, { metric }))
    forgetPartition(stores, tenant)
    await remember(stores, tenant, items)
    for (let n = 0; n < 20; n++) {
      const embedding = wholeVector(random, 8)
      const found = await search(tenant, { embedding, k: 10 })
      const expected = items
        .map(({ id, embedding: other }) => ({ id: id ?? '', distance: distanceInJs(metric, embedding, other) }))
        .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
        .slice(0, 10)
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
      for (const [place, { distance }] of found.entries())
        expect(distance).toBeCloseTo(expected[place]?.distance ?? NaN, 6)
    }
  })

  it('filters by kind, user, time and metadata, together', async () => {
    const tenant = newTenant()
    const random = randomOf(5)
    const vectors = Array.from({ length: 40 }, () => wholeVector(random, 4))
    await remember(
      stores,
      tenant,
      itemsOf(vectors).map((item, n) => ({
        ...item,
        user: `u${n % 4}`,
        metadata: { even: n % 2 === 0, place: { n } },
        occurredAt: new Date(Date.UTC(2026, 0, 1 + n)),
      })),
    )
    const embedding = [1, 1, 1, 1]
    expect(await search(tenant, { embedding, k: 100, kind: 'rare' })).toHaveLength(4)
    expect(await search(tenant, { embedding, k: 100, user: 'u1' })).toHaveLength(10)
    expect(await search(tenant, { embedding, k: 100, metadata: { even: true }, user: 'u2' })).toHaveLength(10)
    const january = { from: new Date(Date.UTC(2026, 0, 3)), to: new Date(Date.UTC(2026, 0, 5)) }
    expect((await search(tenant, { embedding, k: 100, ...january })).map(({ id }) => id).sort()).toEqual([
      'i00002',
      'i00003',
    ])
    expect(await search(tenant, { embedding, k: 100, metadata: { place: { n: 7 } } })).toMatchObject([{ id: 'i00007' }])
  })

  it('takes what it is asked for as nothing but text, whatever it holds', async () => {
    const tenant = newTenant()
    const texts = ["'); drop table memory; --", "\\' or true; --", 'E\'\\x27$$"', '%_\\ ✓ 𝔘', "o'clock"]
    const items = itemsOf(texts.map((_, n) => [n + 1, 1])).map((item, n) => {
      const text = texts[n] ?? ''
      return { ...item, kind: text, user: text, content: `${text} zeppelin`, metadata: { [text]: text } }
    })
    await remember(stores, tenant, items)
    for (const [n, kind] of texts.entries()) {
      const only = [{ id: `i0000${n}`, kind }]
      for (const filter of [{ kind }, { user: kind }, { metadata: { [kind]: kind } }])
        expect(await search(tenant, { embedding: [1, 1], ...filter })).toMatchObject(only)
      expect(await search(tenant, { embedding: [1, 1], kind, text: `zeppelin ${kind}`.slice(0, 1_000) })).toMatchObject(
        only,
      )
      expect(await search(tenant, { embedding: [1, 1], kind: `${kind}'` })).toEqual([])
    }
  })

  it('asks Postgres once, and leaves nothing behind of the tenant that it was', async () => {
    const tenant = newTenant()
    await remember(stores, tenant, itemsOf([[1, 0]]))
    let messages = 0
    const db = new Proxy(stores.db, {
      get: (target, name, receiver): unknown => {
        if (name === 'message' || name === 'execute' || name === 'transaction') messages++
        return Reflect.get(target, name, receiver)
      },
    })
    const redis = { ...stores.redis, upSince: () => null }
    await searchMemory({ db, redis }, { tenant, search: { embedding: [1, 0], k: 1 } })
    expect(messages).toBe(1)
    const kept = await Promise.all(
      Array.from({ length: 12 }, () =>
        stores.db.execute<{ role: string; tenant: string | null }>(
          sql`select current_setting('role') as role, nullif(current_setting('engram.tenant', true), '') as tenant`,
        ),
      ),
    )
    expect(new Set(kept.map(([row]) => `${row?.role} ${row?.tenant}`))).toEqual(new Set(['none null']))
  })

  it('yields k rows where k exist, through an index and however rare the filter is', async () => {
    const tenant = newTenant()
    const random = randomOf(23)
    const vectors = Array.from({ length: 1_500 }, () => Array.from({ length: 8 }, () => random() - 0.5))
    await remember(
      stores,
      tenant,
      itemsOf(vectors).map((item, n) => ({ ...item, kind: n % 300 === 0 ? 'rare' : 'note' })),
    )
    const [row] = await stores.db.execute<{ number: number }>(
      sql`select number from memory_partitions where tenant = ${tenant}`,
    )
    await stores.db.execute(
      `create index on memory_t${row?.number} using hnsw ((embedding::vector(8)) vector_cosine_ops) with (m = 4, ef_construction = 8)`,
    )
    forgetPartition(stores, tenant)
    const embedding = Array.from({ length: 8 }, () => random() - 0.5)
    expect(await search(tenant, { embedding, k: 5, kind: 'rare', efSearch: 1 })).toHaveLength(5)
    expect(await search(tenant, { embedding, k: 200, efSearch: 1 })).toHaveLength(200)
    expect(await search(tenant, { embedding, k: 10, kind: 'rare' })).toHaveLength(5)
  })

  it('with text finds what the vectors miss', async () => {
    const tenant = newTenant()
    const random = randomOf(31)
    const vectors = Array.from({ length: 200 }, () => wholeVector(random, 8))
    const items = itemsOf(vectors)
    const [far] = [...items].sort(
      (a, b) =>
        distanceInJs('cosine', b.embedding, [1, 0, 0, 0, 0, 0, 0, 0]) -
        distanceInJs('cosine', a.embedding, [1, 0, 0, 0, 0, 0, 0, 0]),
    )
    if (far) far.content = 'The invoice of the zeppelin'
    await remember(stores, tenant, items)
    const asked = { embedding: [1, 0, 0, 0, 0, 0, 0, 0], k: 3 }
    expect((await search(tenant, asked)).map(({ id }) => id)).not.toContain(far?.id)
    const hybrid = await search(tenant, { ...asked, text: 'zeppelin invoice' })
    expect(hybrid.map(({ id }) => id)).toContain(far?.id)
    expect(hybrid).toHaveLength(3)
  })
})

describe('items', () => {
  it('of the same id are replaced, and left alone where nothing differs', async () => {
    const tenant = newTenant()
    const [item] = itemsOf([[1, 2]])
    if (!item) throw new Error('no item')
    const add = (more: object) => addItems(stores, { tenant, items: [{ ...item, ...more }], simulated: false })
    expect(await add({})).toEqual({ added: 1, updated: 0, unchanged: 0, ids: ['i00000'] })
    expect(await add({})).toEqual({ added: 0, updated: 0, unchanged: 1, ids: ['i00000'] })
    expect(await add({ content: 'New' })).toMatchObject({ updated: 1 })
    expect(await add({ content: 'New', embedding: [2, 1] })).toMatchObject({ updated: 1 })
    expect(await search(tenant, { embedding: [2, 1] })).toMatchObject([{ content: 'New', distance: 0 }])
  })

  it('of another model or with other dimensions are refused, the whole call', async () => {
    const tenant = newTenant()
    await remember(stores, tenant, itemsOf([[1, 2]]))
    const add = (more: object) =>
      addItems(stores, {
        tenant,
        items: itemsOf([
          [3, 4],
          [5, 6],
        ]).map((item, n) => (n ? { ...item, ...more } : { ...item, id: 'new' })),
        simulated: false,
      })
    await expect(add({ embeddingModel: 'other' })).rejects.toMatchObject({
      code: 'conflict',
      field: 'items.1.embeddingModel',
    })
    await expect(add({ embedding: [1, 2, 3] })).rejects.toMatchObject({
      code: 'bad_request',
      field: 'items.1.embedding',
    })
    await expect(add({ embedding: [0, 0] })).rejects.toMatchObject({ code: 'bad_request', field: 'items.1.embedding' })
    expect((await search(tenant, { embedding: [3, 4] })).map(({ id }) => id)).toEqual(['i00000'])
  })

  it('of two models at once: the database itself lets in one', async () => {
    const tenant = newTenant()
    const add = (embeddingModel: string) =>
      addItems(stores, { tenant, items: itemsOf([[1, 2]], { embeddingModel, id: embeddingModel }), simulated: false })
    const outcomes = await Promise.allSettled(["o'ne\\", 'two', 'three'].map(add))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
    const stray = stores.db.transaction(async (tx) => {
      await becomeTenant(tx, tenant)
      await tx.execute(sql`insert into memory (tenant, id, kind, content, metadata, embedding, embedding_model, occurred_at, content_hash)
        values (${tenant}, 'stray', 'x', 'x', '{}', '[1,2]', 'fourth', now(), '')`)
    })
    await expect(stray).rejects.toMatchObject({ cause: { code: '23514' } })
  })

  it('of a content with as many words as fit can be kept', async () => {
    const tenant = newTenant()
    const words = Array.from({ length: 40_000 }, (_, n) => n.toString(36).padStart(4, 'q'))
    const contents = [words.join(' '), words.join('-'), words.map((word) => `${word}.com/a`).join(' ')]
    const items = itemsOf([
      [1, 2],
      [2, 1],
      [3, 1],
    ]).map((item, n) => ({ ...item, content: (contents[n] ?? '').slice(0, 131_072) }))
    expect(await addItems(stores, { tenant, items, simulated: false })).toMatchObject({ added: 3 })
  })
})

describe('R4: no stale answer', () => {
  it('a search begun after a write was acknowledged sees it, also when many fill at the same time', async () => {
    const tenant = newTenant()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // Redis is believed a second after it came up
    await remember(stores, tenant, itemsOf([[1, 0]], { content: '0' }))
    let newest = 0
    let done = false
    const stale: string[] = []
    let cached = 0
    const activity = { searched: (_: string, { ms }: { ms: number | null }) => void (ms === null && cached++) } as never
    const reader = async () => {
      while (!done) {
        const atLeast = newest
        const answer = await searchMemory(stores, { tenant, search: { embedding: [1, 0], k: 1 }, activity })
        const content = Number((JSON.parse(answer) as Found).items[0]?.content ?? -1)
        if (content < atLeast) stale.push(`${content} after ${atLeast}`)
      }
    }
    const readers = [reader(), reader(), reader(), reader()]
    for (let n = 1; n <= 30; n++) {
      await addItems(stores, { tenant, items: itemsOf([[1, 0]], { content: String(n) }), simulated: false })
      newest = n
      await new Promise((resolve) => setTimeout(resolve, n % 3 ? 2 : 15))
    }
    done = true
    await Promise.all(readers)
    expect(stale).toEqual([])
    // Nobody writes any more: the same search is answered by Redis.
    const again = () => searchMemory(stores, { tenant, search: { embedding: [1, 0], k: 1 }, activity })
    await expect.poll(() => again().then(() => cached), { timeout: 20_000 }).toBeGreaterThan(0)
    await deleteItem(stores, { tenant, id: 'i00000', simulated: false })
    expect(await search(tenant, { embedding: [1, 0], k: 1 })).toEqual([])
  }, 90_000)
})

it('R5: while Postgres is gone, a search that Redis knows is answered', async () => {
  const tenant = newTenant()
  let gone = false
  const db = new Proxy(stores.db, {
    get: (target, name, receiver): unknown => {
      if (gone && (name === 'select' || name === 'transaction' || name === 'message'))
        throw new Error('Postgres is gone')
      return Reflect.get(target, name, receiver)
    },
  })
  await remember(stores, tenant, itemsOf([[1, 0]]))
  const ask = (k: number) => searchMemory({ ...stores, db }, { tenant, search: { embedding: [1, 0], k } })
  let cached = 0
  const activity = { searched: (_: string, { ms }: { ms: number | null }) => void (ms === null && cached++) } as never
  const again = () => searchMemory({ ...stores, db }, { tenant, search: { embedding: [1, 0], k: 1 }, activity })
  await expect.poll(() => again().then(() => cached), { timeout: 20_000 }).toBeGreaterThan(0)
  gone = true
  await new Promise((resolve) => setTimeout(resolve, 1_100)) // what was known of the tenant is no longer fresh
  expect(await again()).toContain('i00000')
  await expect(ask(2)).rejects.toThrow('Postgres is gone')
}, 60_000)

import { Readable } from 'node:stream'
import postgres from 'postgres'
import { connectPostgres } from '@/db/postgres/client'
import { migratePostgres } from '@/db/postgres/migrate'
import { system } from '@/server/services/context'
import { connectStores } from '@/server/services/stores'
import { eraseTenant } from '@/server/services/tenants/erase-tenant'
import { addItems } from '@/server/services/vectors/add-items'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { deleteItem } from '@/server/services/vectors/delete-item'
import { listVectors } from '@/server/services/vectors/list-vectors'
import { loadItems } from '@/server/services/vectors/load-items'
import { measureRecall } from '@/server/services/vectors/measure-recall'
import { jobRunner } from '@/server/services/vectors/run-jobs'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { keepPartitions, samplePartitionsDue } from '@/server/worker/jobs/memory'
import type { Figure } from './figure'
import { fillMemory, vector } from './filled-memory'
import { median } from './load'
import { ownDatabase } from './own-database'
import type { Setting } from './setting'

const FEW = 10
const MANY = Number(process.env.BENCH_TENANTS ?? 2_500)
const [ITEMS, K, WARMING, ROUNDS, PAGES, WATCHED] = [2_000, 10, 100, 600, 30, 100]
/** R9. */
const MOST_LOCKS = 16

/**
 * The same ten tenants with an index, alone in one database and among 2,490 others in another one: searches and the Vectors
 * page, in turns; and how many relations of the memory one transaction of the product held locked at once, among the many.
 */
export async function manyTenants({ databaseUrl, embedded }: Setting): Promise<Figure[]> {
  if (embedded) throw new Error('Embedded Postgres holds one database: set DATABASE_URL.')
  const few = await tenantsIn(databaseUrl, FEW)
  const many = await tenantsIn(databaseUrl, MANY)
  try {
    const searches = await inTurns(WARMING + ROUNDS, (n) => ({
      few: () => few.search(n % FEW),
      many: () => many.search(n % FEW),
    }))
    const pages = await inTurns(PAGES, () => ({ few: few.page, many: many.page }))
    const { locks, query } = await many.mostLocks()
    return [
      {
        work: `a search among ${FEW} tenants / among ${MANY.toLocaleString('en')}`,
        ours: median(searches.few.slice(WARMING)),
        unit: 'ms',
        other: median(searches.many.slice(WARMING)),
        dividedBy: 'the same search among many',
        goal: { atLeast: 0.83 },
      },
      {
        work: `the Vectors page of ${MANY.toLocaleString('en')} tenants / of ${FEW}`,
        ours: median(pages.many),
        unit: 'ms',
        other: median(pages.few),
        dividedBy: 'the page of few',
        goal: { atMost: 5 },
      },
      {
        work: `relations of the memory that a transaction locked at once (${query.trim().slice(0, 60)})`,
        ours: locks,
        unit: 'locks',
        other: MOST_LOCKS,
        dividedBy: 'the limit',
        goal: { atMost: 1 },
      },
    ]
  } finally {
    await few.drop()
    await many.drop()
  }
}

async function tenantsIn(serverUrl: string, count: number) {
  const { url, drop } = await ownDatabase(serverUrl, `bench_tenants_${count}`)
  await migratePostgres(url)
  const connected = connectStores('worker')
  const db = connectPostgres({ url, poolSize: 3, deadlineMs: 60_000, applicationName: 'bench' })
  // Redis is not looked into, nor filled: what it answers is no search.
  const stores = { ...connected, db, redis: { ...connected.redis, upSince: () => null } }
  await stores.redis.ready()
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const slug = (n: number) => `tenant-${n}`
  const add = (tenant: string, id: string) => {
    return addItems(stores, { tenant, items: [itemOf(id)], simulated: false })
  }
  for (let n = 0; n < count; n++)
    if (n < FEW) await fillMemory(stores, sql, slug(n), ITEMS)
    else await add(slug(n), 'only')
  while ((await samplePartitionsDue(stores)) > 0);
  await sql.unsafe('vacuum analyze')
  const search = (n: number, more = {}) =>
    searchMemory(stores, { tenant: slug(n), search: { embedding: vector(), k: K, ...more } })
  const page = () => listVectors(stores, { tenant: null, search: null, sort: 'tenant', descending: false })
  return {
    search,
    page,
    /** The most that one backend held at once while the memory was searched, written, listed, kept, and a tenant left. */
    mostLocks: async () => {
      const stop = watchLocks(sql)
      const caller = { ...stores, actor: system }
      for (let n = 0; n < WATCHED; n++) {
        await search(n % FEW)
        await search(n % FEW, { text: 'item', kind: 'note', k: 100 })
        await add(slug(n % count), `more-${n}`)
        await deleteItem(stores, { tenant: slug(n % count), id: `more-${n}`, simulated: false })
        await page()
      }
      const [first, last] = [slug(0), slug(count - 1)]
      await measureRecall(caller, { tenant: first, k: K, sample: 50 })
      for (const work of [
        { kind: 'memory.build-index', m: 8 },
        { kind: 'memory.vacuum' },
        { kind: 'memory.sleep' },
      ] as const) {
        await askForJob(caller, { tenant: first, work })
        await jobRunner(stores, { tenant: first }).run()
      }
      const lines = Array.from({ length: ITEMS }, (_, n) => Buffer.from(`${JSON.stringify(itemOf(`loaded-${n}`))}\n`))
      await loadItems(caller, { tenant: last, chunks: Readable.from(lines), simulated: false })
      await jobRunner(stores, { tenant: last }).run()
      await eraseTenant(caller, { slug: last })
      await samplePartitionsDue(stores)
      await keepPartitions(stores)
      return stop()
    },
    drop: async () => {
      await sql.end()
      await connected.close()
      await db.close()
      await drop()
    },
  }
}

const itemOf = (id: string) => ({ id, content: 'Item', kind: 'note', embedding: vector(), embeddingModel: 'bench' })

type Held = { locks: number; query: string }

/**
 * Looks at pg_locks until it is stopped, and then says the most relations that another backend held at once of the memory: of its
 * partitions and parent, with their indexes.
 */
function watchLocks(sql: postgres.Sql): () => Promise<Held> {
  let most: Held = { locks: 0, query: '' }
  let watching = true
  const watch = async () => {
    while (watching) {
      const [held] = await sql<Held[]>`
        select locks, query from (
          select pid, count(*)::int as locks from pg_locks join pg_class on pg_class.oid = relation
          where locktype = 'relation' and pid <> pg_backend_pid() and relname ~ '^memory(_t[0-9].*|_pkey|_user_idx|_tenant_id_pk)?$'
            and database = (select oid from pg_database where datname = current_database())
          group by pid order by 2 desc limit 1
        ) as held join pg_stat_activity using (pid)`
      if (held && held.locks > most.locks) most = held
    }
  }
  const watched = watch()
  return async () => {
    watching = false
    await watched
    return most
  }
}

/** Milliseconds of each, one after the other. */
async function inTurns(times: number, works: (n: number) => Record<'few' | 'many', () => Promise<unknown>>) {
  const took = { few: [] as number[], many: [] as number[] }
  for (let n = 0; n < times; n++)
    for (const [name, work] of Object.entries(works(n)) as ['few' | 'many', () => Promise<unknown>][]) {
      const started = performance.now()
      await work()
      took[name].push(performance.now() - started)
    }
  return took
}

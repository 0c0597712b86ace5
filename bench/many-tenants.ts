import postgres from 'postgres'
import { connectPostgres } from '@/db/postgres/client'
import { migratePostgres } from '@/db/postgres/migrate'
import { connectStores } from '@/server/services/stores'
import { addItems } from '@/server/services/vectors/add-items'
import { deleteItem } from '@/server/services/vectors/delete-item'
import { listVectors } from '@/server/services/vectors/list-vectors'
import { searchMemory } from '@/server/services/vectors/search-memory'
import { samplePartitionsDue } from '@/server/worker/jobs/memory'
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
        work: 'relations of the memory that a transaction locked at once',
        ours: await many.mostLocks(),
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
    const items = [{ id, content: 'Item', kind: 'note', embedding: vector(), embeddingModel: 'bench' }]
    return addItems(stores, { tenant, items, simulated: false })
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
    /** The most that one backend held at once while the memory was searched, written and listed. */
    mostLocks: async () => {
      const stop = watchLocks(sql)
      for (let n = 0; n < WATCHED; n++) {
        await search(n % FEW)
        await search(n % FEW, { text: 'item', kind: 'note', k: 100 })
        await add(slug(n % count), `more-${n}`)
        await deleteItem(stores, { tenant: slug(n % count), id: `more-${n}`, simulated: false })
        await page()
      }
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

/** Looks at pg_locks until it is stopped, and then says the most that one other backend held at once of the memory. */
function watchLocks(sql: postgres.Sql): () => Promise<number> {
  let [most, watching] = [0, true]
  const watch = async () => {
    while (watching) {
      const [row] = await sql<{ locks: number }[]>`
        select coalesce(max(locks), 0)::int as locks from (
          select count(*) as locks from pg_locks join pg_class on pg_class.oid = relation
          where locktype = 'relation' and pid <> pg_backend_pid() and relname like 'memory%'
            and database = (select oid from pg_database where datname = current_database())
          group by pid
        ) as held`
      most = Math.max(most, row?.locks ?? 0)
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

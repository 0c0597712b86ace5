import type { PGlite } from '@electric-sql/pglite'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { Backend } from './postgres-backend'
import { openDatabase } from './postgres-data'
import { startFront } from './postgres-front'
import { keepUp } from './postgres-upkeep'

let pg: PGlite
let backend: Backend
let front: Awaited<ReturnType<typeof startFront>>

const failed = (error: unknown): never => {
  throw error instanceof Error ? error : new Error(String(error))
}

beforeAll(async () => {
  pg = await openDatabase('memory', () => {})
  backend = await Backend.over(pg, failed)
  front = await startFront(backend, { host: '127.0.0.1', port: 0, idleInTransactionMs: 300, onFailure: failed })
})

afterAll(async () => {
  await front.close()
  await pg.close()
})

const client = () => postgres(`postgres://postgres@127.0.0.1:${front.port}/x`, { max: 1, onnotice: () => {} })

test('a client that is silent in a transaction is rolled back and cut, so that the others go on', async () => {
  const silent = client()
  const other = client()
  await other`create table held (id int)`
  const holding = silent.begin(async (tx) => {
    await tx`insert into held values (1)`
    await sleep(1_000)
    await tx`insert into held values (2)`
  })
  const outcome = expect(holding).rejects.toMatchObject({ code: expect.stringMatching(/25P03|CONNECTION/) })
  await sleep(50)
  const asked = performance.now()
  expect(await other`select count(*)::int as count from held`).toEqual([{ count: 0 }])
  expect(performance.now() - asked).toBeLessThan(800)
  await outcome
  await silent.end()
  await other.end()
})

test('upkeep does what autovacuum and the checkpointer would', async () => {
  const sql = client()
  await sql`create table busy (id int primary key, filler text)`
  await sql`insert into busy select id, repeat('x', 500) from generate_series(1, 120000) id`
  await sql`delete from busy where id % 2 = 0`
  const facts = async () => {
    const [row] = await sql<{ dead: number; analysed: boolean; wal: number }[]>`
      select n_dead_tup::int as dead, last_analyze is not null as analysed,
             (pg_current_wal_insert_lsn() - redo_lsn)::float8 as wal
        from pg_stat_user_tables, pg_control_checkpoint() where relname = 'busy'`
    return row
  }
  // Postgres itself reports its statistics once a second.
  await expect.poll(async () => (await facts())?.dead, { timeout: 5_000 }).toBe(60_000)
  expect((await facts())?.wal).toBeGreaterThan(64 * 1024 * 1024)
  const stop = keepUp(pg, backend, 20, failed)
  await expect.poll(facts, { timeout: 10_000 }).toMatchObject({ dead: 0, analysed: true })
  expect((await facts())?.wal).toBeLessThan(16 * 1024 * 1024)
  stop()
  await sql.end()
})

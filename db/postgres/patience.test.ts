import { sql } from 'drizzle-orm'
import { afterAll, expect, it } from 'vitest'
import { connectPostgres } from './client'
import { patiently } from './deadline'
import { postgresEnv } from './env'

const db = connectPostgres({ url: postgresEnv().url, poolSize: 1, deadlineMs: 300, applicationName: 'test' })
afterAll(() => db.close())

it('a deadline holds for whole transactions, and patience extends it for what is long by its nature', async () => {
  const long = () =>
    db.transaction(async (tx) => {
      for (let step = 0; step < 4; step++) await tx.execute(sql`select pg_sleep(0.15)`)
      return 'done'
    })
  expect(await patiently(5_000, long)).toBe('done')
  await expect(long()).rejects.toThrow('did not answer within 300 ms')
})

it('a transaction that was given up on is rolled back', async () => {
  const slowly = (statement: ReturnType<typeof sql>) => patiently(20_000, () => db.execute(statement))
  await slowly(sql`create table if not exists given_up (n int)`)
  const late = db.transaction(async (tx) => {
    await tx.execute(sql`insert into given_up values (1)`)
    for (let step = 0; step < 3; step++) await tx.execute(sql`select pg_sleep(0.15)`)
  })
  await expect(late).rejects.toThrow('did not answer within 300 ms')
  const rows = await slowly(sql`select n from given_up`)
  await slowly(sql`drop table given_up`)
  expect(rows).toHaveLength(0)
})

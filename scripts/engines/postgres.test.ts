import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startPostgres } from './postgres'

let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'engram-postgres-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function withClient<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what was committed survives a stop, and a kill in the middle of writing', async () => {
  const dataDir = join(home, 'postgres')
  let engine = await startPostgres({ dataDir })
  await withClient(engine.url, async (sql) => {
    await sql`create table kept (id int primary key, note text)`
    await sql`insert into kept values (0, 'before the stop')`
  })
  await engine.stop()

  engine = await startPostgres({ dataDir })
  let acknowledged = 0
  await withClient(engine.url, async (sql) => {
    const writing = (async () => {
      for (let id = 1; ; id++) {
        await sql`insert into kept values (${id}, ${'x'.repeat(2_000)})`
        acknowledged = id
      }
    })()
    const broken = expect(writing).rejects.toThrow()
    await expect.poll(() => acknowledged, { timeout: 10_000 }).toBeGreaterThan(200)
    process.kill(engine.pid, 'SIGKILL')
    await broken
  })

  engine = await startPostgres({ dataDir })
  const [kept] = await withClient(
    engine.url,
    (sql) => sql<{ count: number; max: number }[]>`select count(*)::int as count, max(id)::int as max from kept`,
  )
  await engine.stop()
  // One more may have been committed without the answer having come through.
  expect(kept?.max).toBeGreaterThanOrEqual(acknowledged)
  expect(kept?.max).toBeLessThanOrEqual(acknowledged + 1)
  expect(kept?.count).toBe((kept?.max ?? 0) + 1)
})

test('a start that was killed half-way leaves nothing that the next one trips over', async () => {
  const dataDir = join(home, 'postgres')
  mkdirSync(`${dataDir}.unfinished/base`, { recursive: true })
  writeFileSync(`${dataDir}.unfinished/PG_VERSION`, '18\n')
  writeFileSync(`${dataDir}.pid`, String(process.pid))
  const engine = await startPostgres({ dataDir })
  expect(await withClient(engine.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
  await engine.stop()
  expect(existsSync(`${dataDir}.unfinished`)).toBe(false)
})

test('a directory with something else in it is left alone', async () => {
  const dataDir = join(home, 'postgres')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'thesis.txt'), 'precious')
  await expect(startPostgres({ dataDir })).rejects.toThrow(/neither empty nor a Postgres data directory/)
  expect(existsSync(join(dataDir, 'thesis.txt'))).toBe(true)
})

test('in memory there is a full Postgres with the extensions that Engram uses', async () => {
  const engine = await startPostgres({ dataDir: 'memory' })
  await withClient(engine.url, async (sql) => {
    for (const name of ['vector', 'pg_stat_statements', 'hstore', 'pg_trgm']) {
      await sql.unsafe(`create extension ${name}`)
    }
    const [near] = await sql<{ distance: number }[]>`select '[1,0]'::vector(2) <=> '[0,1]'::vector(2) as distance`
    expect(near?.distance).toBe(1)
    await sql`select 1 as counted_statement`
    const counted = await sql<{ calls: number }[]>`
      select calls::int as calls from pg_stat_statements where query = 'select $1 as counted_statement'`
    expect(counted).toEqual([{ calls: 1 }])
    expect(await sql`show timezone`).toEqual([{ TimeZone: 'UTC' }])
  })
  await engine.stop()
  expect(isAlive(engine.pid)).toBe(false)
})

test('the engine does not outlive the process that started it, not even one that is killed', async () => {
  const parent = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `import { startPostgres } from './scripts/engines/postgres.ts'
       const { pid } = await startPostgres({ dataDir: 'memory' })
       console.log(pid)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
})

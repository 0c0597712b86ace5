import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startPostgres } from './postgres'
import * as wire from './wire'

let engine: Awaited<ReturnType<typeof startPostgres>>
let sql: postgres.Sql
const opened: { end(): Promise<void> }[] = []

beforeAll(async () => {
  engine = await startPostgres({ dataDir: 'memory' })
  sql = pool(1)
})

afterAll(async () => {
  await Promise.all(opened.map((one) => one.end()))
  await engine.stop()
})

function pool(max: number): postgres.Sql {
  const sql = postgres(engine.url, { max, onnotice: () => {} })
  opened.push(sql)
  return sql
}

/** A client that speaks the protocol by hand, to leave in the middle of things as no driver would. */
async function rawClient(): Promise<{ socket: Socket; ask(...messages: Buffer[]): Promise<Buffer> }> {
  const socket = connect(Number(new URL(engine.url).port), '127.0.0.1')
  await once(socket, 'connect')
  const ask = async (...messages: Buffer[]) => {
    socket.write(Buffer.concat(messages))
    const [reply] = (await once(socket, 'data')) as [Buffer]
    return reply
  }
  await ask(wire.startup({ user: 'postgres', database: 'postgres' }))
  return { socket, ask }
}

const flush = wire.message('H')
const parse = (name: string, text: string) => wire.message('P', wire.text(name), wire.text(text), Buffer.from([0, 0]))
const bind = wire.message('B', wire.text(''), wire.text(''), Buffer.alloc(6))
const execute = wire.message('E', wire.text(''), Buffer.alloc(4))

test('three pools of five run transactions, prepared statements and failures side by side, none seeing another', async () => {
  await sql`create table account (id int primary key, balance int not null check (balance >= 0))`
  await sql`insert into account select id, 1000 from generate_series(0, 9) id`
  const pools = [pool(5), pool(5), pool(5)]
  let refused = 0

  const transfer = (on: postgres.Sql, step: number) =>
    on.begin(async (tx) => {
      const from = step % 10
      await tx`update account set balance = balance + ${step} where id = ${(from + 3) % 10}`
      const [sum] = await tx<{ sum: number }[]>`select sum(balance)::int as sum from account`
      expect(sum?.sum).toBe(10_000 + step)
      await tx`update account set balance = balance - ${step % 7 === 0 ? 1_000_000 : step} where id = ${from}`
    })

  const work = pools.flatMap((on, index) =>
    Array.from({ length: 60 }, async (_, step) => {
      await transfer(on, step).catch((error: postgres.PostgresError) => {
        expect(error.code).toBe('23514')
        refused += 1
      })
      const [echo] = await on<{ n: number; t: string }[]>`select ${step}::int as n, ${`pool ${index}`}::text as t`
      expect(echo).toEqual({ n: step, t: `pool ${index}` })
      await expect(on`select * from there_is_no_such_table`).rejects.toMatchObject({ code: '42P01' })
    }),
  )
  await Promise.all(work)

  expect(refused).toBe(3 * Math.ceil(60 / 7))
  expect(await sql`select sum(balance)::int as sum from account`).toEqual([{ sum: 10_000 }])
})

test('waiting clients get the backend in the order in which they came', async () => {
  const order: string[] = []
  const holder = pool(1)
  const waiting = ['first', 'second', 'third'].map((name) => ({ name, on: pool(1) }))
  await Promise.all(waiting.map(({ on }) => on`select 1`))
  const done: Promise<unknown>[] = []
  await holder.begin(async (tx) => {
    await tx`select 1`
    for (const { name, on } of waiting) {
      done.push(on`select 1`.then(() => order.push(name)))
      await sleep(20)
    }
    expect(order).toEqual([])
  })
  await Promise.all(done)
  expect(order).toEqual(['first', 'second', 'third'])
})

test('a client that dies in a transaction leaves nothing behind and holds nobody up', async () => {
  await sql`create table mourned (id int)`
  const { socket, ask } = await rawClient()
  await ask(wire.query('begin'))
  await ask(wire.query('insert into mourned values (1)'))
  const waiting = sql<{ count: number }[]>`select count(*)::int as count from mourned`
  socket.resetAndDestroy()
  expect(await waiting).toEqual([{ count: 0 }])
})

test('a client that dies before its Sync has committed nothing, also when its last message failed', async () => {
  await sql`create table unsynced (id int)`
  const quiet = await rawClient()
  await quiet.ask(parse('', 'insert into unsynced values (1)'), bind, execute, flush)
  quiet.socket.destroy()
  const failed = await rawClient()
  await failed.ask(wire.query('begin'))
  await failed.ask(wire.query('insert into unsynced values (2)'))
  await failed.ask(parse('', 'select no_such_column'), flush)
  failed.socket.destroy()
  expect(await sql`select count(*)::int as count from unsynced`).toEqual([{ count: 0 }])
})

test('parameters, statements and results of several megabytes pass whole', async () => {
  const large = 'ä'.repeat(2_000_000)
  const [parameter] = await sql<{ same: string }[]>`select ${large}::text as same`
  expect(parameter?.same === large).toBe(true)
  const [statement] = await sql.unsafe<{ length: number }[]>(`select length('${'x'.repeat(5_000_000)}') as length`)
  expect(statement?.length).toBe(5_000_000)
})

test('a client that reads slowly gets everything, while others go on', async () => {
  const { socket } = await rawClient()
  socket.pause()
  socket.write(wire.query(`select repeat('x', 1000) from generate_series(1, 20000)`))
  socket.write(wire.query(`select 'the end' as last`))
  await sleep(100)
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  let bytes = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (chunk.includes('the end')) break
  }
  expect(bytes).toBeGreaterThan(20_000 * 1_000)
})

test('prepared statements go with the client that made them', async () => {
  const statements = () => sql<{ count: number }[]>`select count(*)::int as count from pg_prepared_statements`
  await statements()
  const [before] = await statements()
  const client = pool(3)
  await Promise.all([client`select 1 as a`, client`select 2 as b`, client`select 3 as c`])
  const [during] = await statements()
  expect(during?.count).toBeGreaterThanOrEqual((before?.count ?? 0) + 3)
  await client.end()
  await expect.poll(async () => (await statements())[0]?.count).toBe(before?.count)
})

test('COPY goes in and out', async () => {
  await sql`create table copied (id int, name text)`
  const lines = Array.from({ length: 5_000 }, (_, id) => `${id}\tname ${id}\n`)
  await pipeline(Readable.from(lines), await sql`copy copied (id, name) from stdin`.writable())
  expect(await sql`select count(*)::int as count, sum(id)::int as sum from copied`).toEqual([
    { count: 5_000, sum: (4_999 * 5_000) / 2 },
  ])
  let out = ''
  for await (const chunk of await sql`copy (select * from copied where id < 2 order by id) to stdout`.readable()) {
    out += String(chunk)
  }
  expect(out).toBe('0\tname 0\n1\tname 1\n')
})

test('a COPY in a form that the engine cannot take fails alone', async () => {
  await sql`create table uncopied (id int)`
  await expect(sql.unsafe('select 1; copy uncopied from stdin')).rejects.toMatchObject({ code: '57014' })
  const { socket, ask } = await rawClient()
  const reply = await ask(parse('', 'copy uncopied from stdin'), bind, execute, wire.sync)
  expect(reply.toString('latin1')).toContain('57014')
  expect(await ask(wire.query('select 1'))).toSatisfy((answer: Buffer) => wire.readyStatus(answer) === 'I')
  socket.destroy()
  expect(await sql`select count(*)::int as count from uncopied`).toEqual([{ count: 0 }])
})

test("Postgres' own timers cannot end the session that everyone shares", async () => {
  const [later] = await sql.begin(async (tx) => {
    await tx`set local idle_in_transaction_session_timeout = 50`
    await tx`set local transaction_timeout = 50`
    await sleep(200)
    return tx<{ alive: boolean }[]>`select true as alive`
  })
  expect(later).toEqual({ alive: true })
})

test('encryption is declined, cancelling is taken and ignored, nonsense is refused', async () => {
  const port = Number(new URL(engine.url).port)
  const packet = (code: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32BE(8, 0)
    bytes.writeInt32BE(code, 4)
    return bytes
  }
  for (const code of [wire.SSL_REQUEST, wire.GSSENC_REQUEST]) {
    const socket = connect(port, '127.0.0.1').end(packet(code))
    expect(String((await once(socket, 'data'))[0])).toBe('N')
  }
  const cancel = connect(port, '127.0.0.1').end(packet(wire.CANCEL_REQUEST)).resume()
  await once(cancel, 'close')
  const web = connect(port, '127.0.0.1').end('GET / HTTP/1.1\r\n\r\n')
  expect(String((await once(web, 'data'))[0])).toContain('08P01')
  expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
})

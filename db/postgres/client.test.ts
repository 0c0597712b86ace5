import { createServer, connect, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectPostgres } from './client'
import { postgresEnv } from './env'

const there = new URL(postgresEnv().url)
const sockets = new Set<Socket>()
let way: Server

/** A way to Postgres that can be cut and opened again, on the same port. */
const open = (port: number) =>
  new Promise<number>((resolve) => {
    way = createServer((near) => {
      const far = connect(Number(there.port || 5432), there.hostname)
      for (const socket of [near, far]) {
        socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
        sockets.add(socket)
      }
      near.pipe(far).pipe(near)
    }).listen(port, '127.0.0.1', () => resolve((way.address() as { port: number }).port))
  })
const cut = () => {
  way.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
}

let port = 0
let db: ReturnType<typeof connectPostgres>
beforeAll(async () => {
  port = await open(0)
  const url = Object.assign(new URL(there), { host: `127.0.0.1:${port}` })
  db = connectPostgres({ url: url.href, poolSize: 3, deadlineMs: 1_000, applicationName: 'engram-test' })
})
afterAll(async () => {
  await db.close()
  cut()
})

it('R5: is back within 2 s after an outage in which it was asked all the time', async () => {
  await db.execute('select 1')
  cut()
  const ended = Date.now() + 6_000
  while (Date.now() < ended) await db.execute('select 1').catch(() => new Promise((resolve) => setTimeout(resolve, 50)))
  await open(port)
  const back = Date.now()
  for (let answered = false; !answered;) {
    answered = await db.execute('select 1').then(
      () => true,
      () => false,
    )
    expect(Date.now() - back).toBeLessThan(2_000)
  }
})

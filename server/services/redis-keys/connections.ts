import { randomUUID } from 'node:crypto'
import {
  deleteConnection,
  insertConnection,
  type RedisConnection,
  selectConnections,
  updateWritable,
} from '@/db/postgres/queries/redis-connections'
import { identify, openForeign } from '@/db/redis/foreign'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { isRefused } from '@/server/services/webhooks/webhook-address'
import { closeRedis, noSuchConnection, OWN, OWN_NAME } from './redis-of'
import { redisSaid } from './redis-said'
import type { AddConnection, RemoveConnection, SetWritable } from './redis-keys.schema'
import { seal } from './seal'

/** So many connections are listed, and can be added. */
const MOST = 100
const TEST_MS = 3_000

export type ListedConnection = Pick<RedisConnection, 'id' | 'name' | 'urls' | 'cluster' | 'writable'> & {
  hasPassword: boolean
}

/** Engram's own Redis first, then those that were added; never a password. */
export async function listConnections({ db }: Pick<Stores, 'db'>): Promise<ListedConnection[]> {
  const rows = await selectConnections(db, { limit: MOST + 1 })
  const own = rows.find(({ id }) => id === OWN)
  const listed = rows
    .filter(({ id }) => id !== OWN)
    .map(({ id, name, urls, cluster, writable, sealedPassword }) => ({
      ...{ id, name, urls, cluster, writable },
      hasPassword: sealedPassword !== null,
    }))
  return [
    { id: OWN, name: OWN_NAME, urls: [], cluster: false, writable: own?.writable ?? false, hasPassword: false },
    ...listed,
  ]
}

/** Asks the Redis of an address what it is. @throws AppError with what is wrong, in plain words */
export async function testConnection(
  caller: Caller,
  input: AddConnection,
): Promise<{ version: string; cluster: boolean }> {
  requireRole(caller.actor, 'redis.add-connection')
  return probe(input)
}

async function probe(input: AddConnection) {
  const { urls, password } = placeOf(input)
  const options = { urls, password, name: 'engram-test', deadlineMs: TEST_MS }
  try {
    const first = await openForeign({ ...options, cluster: urls.length > 1 })
    try {
      const found = await identify(first)
      if (urls.length > 1 || !found.cluster) return { ...found, cluster: urls.length > 1 }
    } finally {
      first.close()
    }
    const whole = await openForeign({ ...options, cluster: true })
    try {
      return await identify(whole)
    } finally {
      whole.close()
    }
  } catch (error) {
    throw asField(redisSaid(error, input.name))
  }
}

/** What is wrong with the Redis is wrong with its address here. */
const asField = (error: unknown) =>
  error instanceof AppError ? new AppError('conflict', error.message, { field: 'address', cause: error.cause }) : error

/** Adds a connection that answers, read-only. @throws AppError `conflict` for a name that is taken */
export async function addConnection(caller: Caller, input: AddConnection): Promise<{ id: string; version: string }> {
  requireRole(caller.actor, 'redis.add-connection')
  const { urls, password } = placeOf(input)
  const { cluster, version } = await probe(input)
  return change(caller, 'redis.add-connection', async (tx) => {
    const id = randomUUID()
    const { name } = input
    if (name === OWN_NAME) throw taken()
    if ((await selectConnections(tx, { limit: MOST })).length >= MOST)
      throw new AppError('conflict', `There are ${MOST} connections already.`)
    const sealedPassword = password === null ? null : seal(password, id)
    const row = { id, name, urls, cluster, sealedPassword, createdBy: caller.actor.name }
    if (!(await insertConnection(tx, row))) throw taken()
    return {
      result: { id, version },
      audit: { target: name, after: { id, urls, cluster, password: password !== null } },
    }
  })
}

const taken = () => new AppError('conflict', 'name: is taken', { field: 'name' })

/** Allows or forbids changes through a connection. */
export async function setWritable(
  caller: Caller,
  { connection, writable }: SetWritable,
): Promise<{ writable: boolean }> {
  return change(caller, 'redis.set-writable', async (tx) => {
    // Engram's own Redis has no row until somebody says something about it.
    if (connection === OWN)
      await insertConnection(tx, { id: OWN, name: OWN_NAME, urls: [], createdBy: caller.actor.name })
    const before = await updateWritable(tx, connection, writable)
    if (before === null) throw noSuchConnection()
    return { result: { writable }, audit: { target: connection, before: { writable: before }, after: { writable } } }
  })
}

/** Forgets a connection; nothing changes in its Redis. */
export async function removeConnection(caller: Caller, { connection }: RemoveConnection): Promise<{ id: string }> {
  const removed = await change(caller, 'redis.remove-connection', async (tx) => {
    const row = await deleteConnection(tx, connection)
    if (!row) throw noSuchConnection()
    const { name, urls, writable } = row
    return { result: { id: row.id }, audit: { target: name, before: { urls, writable } } }
  })
  closeRedis(connection)
  return removed
}

/** The addresses without their passwords, and the password: that of its own field, else of the first address. */
function placeOf({ address, password }: AddConnection): { urls: string[]; password: string | null } {
  const urls = address.map((one) => new URL(one))
  const given = urls.find((url) => url.password !== '')?.password
  for (const url of urls) {
    url.password = ''
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (host === '') throw badAddress('names no host')
    if (isRefused(host)) throw badAddress(`${host} is link-local or unspecified: no Redis is asked there`)
    if (!/^\/?\d{0,4}$/.test(url.pathname) || url.search || url.hash)
      throw badAddress('may end in the number of a database, and nothing else')
  }
  return { urls: urls.map(String), password: password ?? (given === undefined ? null : decodeURIComponent(given)) }
}

const badAddress = (message: string) => new AppError('bad_request', `address: ${message}`, { field: 'address' })

import { type RedisConnection, selectConnection } from '@/db/postgres/queries/redis-connections'
import type { RedisStore } from '@/db/redis/client'
import { type ForeignRedis, openForeign } from '@/db/redis/foreign'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { redisSaid } from './redis-said'
import { unseal } from './seal'

/** The id of Engram's own Redis among the connections. */
export const OWN = 'own'
export const OWN_NAME = "Engram's Redis"

const DEADLINE_MS = 2_000
/** A connection that nobody uses is closed after this long. */
const IDLE_MS = 5 * 60_000

export type OpenedRedis = {
  id: string
  name: string
  /** Whether an admin said that it may be changed from here. */
  writable: boolean
  redis: Pick<RedisStore, 'commands'>
}

/**
 * The Redis that a connection means: Engram's own, or one that is opened now where it is not yet; within two seconds or
 * not at all, so that it holds up nobody else. @throws AppError `not_found`, or what is wrong with it
 */
export async function redisOf(stores: Stores, id: string): Promise<OpenedRedis> {
  const row = await selectConnection(stores.db, id)
  if (id === OWN) {
    if (!stores.redis.healthy()) throw new AppError('unavailable', 'Redis does not answer right now; try again.')
    return { id, name: OWN_NAME, writable: row?.writable ?? false, redis: stores.redis }
  }
  if (!row) throw noSuchConnection()
  try {
    return { id, name: row.name, writable: row.writable, redis: await opened(row) }
  } catch (error) {
    throw redisSaid(error, row.name)
  }
}

/** Runs what asks one Redis; whatever that says is told in plain words. @throws AppError */
export async function askRedis<T>(
  { name, redis }: OpenedRedis,
  ask: (commands: RedisStore['commands']) => Promise<T>,
): Promise<T> {
  try {
    return await ask(redis.commands)
  } catch (error) {
    throw redisSaid(error, name)
  }
}

export const noSuchConnection = () =>
  new AppError('not_found', 'There is no such connection (any more).', { field: 'connection' })

type Held = { opening: Promise<ForeignRedis>; idle: NodeJS.Timeout }
const held = new Map<string, Held>()

/** One connection per process and row, shared by all who ask meanwhile. */
async function opened(row: RedisConnection): Promise<ForeignRedis> {
  const known = held.get(row.id)
  if (known) {
    known.idle.refresh()
    const redis = await known.opening
    if (redis.isOpen()) return redis
    forget(row.id, known)
  }
  const opening = openForeign({ ...addressOf(row), name: 'engram-keys', deadlineMs: DEADLINE_MS })
  const mine: Held = { opening, idle: setTimeout(() => forget(row.id, mine), IDLE_MS).unref() }
  held.set(row.id, mine)
  opening.catch(() => forget(row.id, mine))
  return opening
}

const addressOf = ({ id, urls, sealedPassword, cluster }: RedisConnection) => ({
  urls,
  cluster,
  password: sealedPassword === null ? null : unseal(sealedPassword, id),
})

function forget(id: string, which: Held) {
  clearTimeout(which.idle)
  if (held.get(id) === which) held.delete(id)
  which.opening.then(({ close }) => close()).catch(() => {})
}

/** Lets go of a connection that was removed. */
export function closeRedis(id: string): void {
  const known = held.get(id)
  if (known) forget(id, known)
}

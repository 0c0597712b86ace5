import { Redis, type RedisOptions } from 'ioredis'
import type { RedisStore } from './client'
import { INVALIDATIONS } from './keys'

/** What processes are told so that they drop their own copies. */
export type Invalidation =
  | { family: 'prompts'; name: string; channel: string; revision: number }
  | { family: 'flags'; name: string; revision: number }
  /** A tenant was erased: what is still to be written for it is not to be written. */
  | { family: 'tenants'; slug: string }
  /** Some rate limit was set, changed or deleted. */
  | { family: 'limits' }

export async function publishInvalidation({ commands }: RedisStore, message: Invalidation): Promise<void> {
  await commands.publish(INVALIDATIONS, JSON.stringify(message))
}

export type Listener = {
  /** Something changed: drop its copy. */
  invalidated(message: Invalidation): void
  /** Messages may have been lost: drop every copy. Told when it begins, and again when all is heard once more. */
  lost(): void
  /** After `lost`: whatever is published from now on is heard. */
  regained?(): void
}

const BEAT_MS = 50
/** Copies older than this cannot be vouched for (R4: 250 ms, with room for a busy event loop). */
const SILENCE_MS = 200
const RETRY_MS = 100

/**
 * A connection that hears every invalidation, or knows that it does not. A PONG on it proves that whatever was published
 * before its PING has arrived; without one for 200 ms, `live()` is false and copies must not be used.
 */
export function subscribeInvalidations({ urls, name }: { urls: readonly string[]; name: string }) {
  const listeners = new Set<Listener>()
  let connection: Redis | null = null
  let subscribed: Redis | null = null
  let provenAt = -Infinity
  let attempt = 0
  let retry: NodeJS.Timeout | undefined

  const dropAll = () => {
    for (const listener of listeners) listener.lost()
  }
  const lose = () => {
    if (provenAt === -Infinity) return
    provenAt = -Infinity
    dropAll()
  }
  const live = () => {
    if (performance.now() - provenAt < SILENCE_MS) return true
    lose()
    return false
  }
  /** What was published while nobody listened is never heard of: copies that were made meanwhile must go as well. */
  const prove = (at: number) => {
    if (performance.now() - at >= SILENCE_MS) return
    const wasLive = live()
    provenAt = Math.max(provenAt, at)
    if (wasLive) return
    dropAll()
    for (const listener of listeners) listener.regained?.()
  }
  const hear = (text: string) => {
    const message = parse(text)
    if (!message) return dropAll()
    for (const listener of listeners) listener.invalidated(message)
  }

  const connect = () => {
    const redis = new Redis(urls[attempt++ % urls.length] ?? '', options(name))
    connection = redis
    redis.on('error', () => {}) // 'end' follows, and says the same.
    redis.on('message', (_channel, text) => hear(text))
    redis.once('ready', () => void subscribe(redis))
    redis.once('end', () => {
      if (connection !== redis) return
      subscribed = null
      lose()
      retry = setTimeout(connect, RETRY_MS)
    })
  }

  const subscribe = async (redis: Redis) => {
    try {
      await redis.subscribe(INVALIDATIONS)
      subscribed = redis
      await beat(redis)
    } catch {
      redis.disconnect() // 'end' follows, and tries again.
    }
  }

  const beat = async (redis: Redis) => {
    const asked = performance.now()
    await redis.ping()
    if (subscribed === redis) prove(asked)
  }

  /** A PING that was not answered at all may mean a half-open socket: only a new one gets out of that. */
  const giveUp = (redis: Redis) => {
    if (subscribed !== redis) return
    subscribed = null
    redis.disconnect()
  }

  const timer = setInterval(() => {
    live()
    const redis = subscribed
    if (redis) beat(redis).catch(() => giveUp(redis))
  }, BEAT_MS)
  timer.unref()
  connect()

  return {
    live,
    /** On the clock of `performance.now()`: whatever was published before then was heard. Null while not live. */
    provenAt: () => (live() ? provenAt : null),
    listen(listener: Listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearInterval(timer)
      clearTimeout(retry)
      const last = connection
      connection = null
      last?.disconnect()
    },
  }
}

const parse = (text: string): Invalidation | null => {
  try {
    return JSON.parse(text) as Invalidation
  } catch {
    return null
  }
}

export type Invalidations = ReturnType<typeof subscribeInvalidations>

const options = (name: string) =>
  ({
    connectionName: `${name}-invalidations`,
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  }) satisfies RedisOptions

import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisStore } from './client'

export type ForeignOptions = {
  /** One URL, or seed nodes of a cluster; without a password. */
  urls: string[]
  password: string | null
  cluster: boolean
  /** Shown by Redis in CLIENT LIST. */
  name: string
  /** Milliseconds after which a command, and the opening, is given up. */
  deadlineMs: number
}

/** A Redis that is not Engram's own: opened when it is asked, never again by itself. */
export type ForeignRedis = Pick<RedisStore, 'commands'> & { isOpen: () => boolean; close: () => void }

/** Opens a connection. @throws what the server or the network said, in time */
export async function openForeign(options: ForeignOptions): Promise<ForeignRedis> {
  const { urls, password, cluster, name, deadlineMs } = options
  const shared = {
    ...(password !== null && { password }),
    connectionName: name,
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    maxRetriesPerRequest: 0,
    // It asks INFO, which a user of few rights may not; a server that loads says so anyway.
    enableReadyCheck: false,
    retryStrategy: () => null,
  } satisfies RedisOptions
  const [first, ...others] = urls.map(placeOf)
  if (!first) throw new Error('A connection needs an address')
  const commands = cluster
    ? new Cluster(
        [first, ...others].map(({ host, port }) => ({ host, port })),
        {
          redisOptions: { ...shared, ...first.access },
          lazyConnect: true,
          clusterRetryStrategy: () => null,
        },
      )
    : new Redis({
        ...shared,
        ...first.access,
        host: first.host,
        port: first.port,
        db: first.db,
        lazyConnect: true,
        enableOfflineQueue: false,
      })
  let said: Error | null = null
  // The first complaint is the cause: later ones only say that the connection is closed.
  const listen = (error: Error) => (said ??= error)
  commands.on('error', listen)
  commands.on('node error', listen)
  const close = () => commands.disconnect()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Connection timed out')), deadlineMs)
  })
  try {
    await Promise.race([commands.connect().then(() => commands.ping()), late])
    if (said) throw said
    return { commands, isOpen: () => commands.status === 'ready', close }
  } catch (error) {
    close()
    throw said ?? error
  } finally {
    clearTimeout(timer)
  }
}

/** Nodes of a cluster that it tells of are reached as its seed is: by the same user, through TLS where that is. */
function placeOf(url: string) {
  const { protocol, hostname, port, username, pathname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const access = {
    ...(username && { username: decodeURIComponent(username) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  } satisfies RedisOptions
  return { host, port: port ? Number(port) : 6379, db: Number(pathname.slice(1)) || 0, access }
}

/** Whether this server is a node of a cluster, and what it is: `Redis 8.0.6`, `Valkey 9.1.2`. */
export async function identify({ commands }: Pick<RedisStore, 'commands'>) {
  const text = commands instanceof Cluster ? ((await commands.nodes('master')[0]?.info()) ?? '') : await commands.info()
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1] ?? null
  const valkey = field('valkey_version')
  return {
    version: valkey ? `Valkey ${valkey}` : `Redis ${field('redis_version') ?? 'of unknown version'}`,
    cluster: field('cluster_enabled') === '1',
  }
}

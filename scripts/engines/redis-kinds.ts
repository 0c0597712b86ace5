import { findRedis, startRedis } from './redis'
import { startRedisCluster } from './redis-cluster'
import { installRedis } from './redis-install'

/** A short-term memory of some kind; `start` answers its REDIS_URL. */
export type RedisKind = { name: string; start(): Promise<{ url: string; stop(): Promise<void> }> }

/**
 * The kinds of Redis that a test can be run on: those that the environment names, and what can be started beside them. Where
 * it names no Redis of its own, a cluster and a Valkey are started as well, the latter where it is installed.
 */
export function redisKinds({ given }: { given: boolean }): RedisKind[] {
  const { REDIS_URL, VALKEY_URL, REDIS_CLUSTER_URL } = process.env
  const named = (name: string, url: string | undefined): RedisKind[] =>
    url ? [{ name, start: () => Promise.resolve({ url, stop: () => Promise.resolve() }) }] : []
  const installed: RedisKind = {
    name: 'the installed Redis',
    start: async () => startRedis({ dataDir: 'memory', server: findRedis(['redis-server']) ?? (await installRedis()) }),
  }
  if (given)
    return [
      installed,
      ...named('REDIS_URL', REDIS_URL),
      ...named('VALKEY_URL', VALKEY_URL),
      ...named('REDIS_CLUSTER_URL', REDIS_CLUSTER_URL),
    ]
  const valkey = findRedis(['valkey-server'])
  const cluster = async () => {
    const { urls, stop } = await startRedisCluster()
    return { url: urls.join(), stop }
  }
  return [
    installed,
    ...(valkey
      ? [{ name: 'the installed Valkey', start: () => startRedis({ dataDir: 'memory', server: valkey }) }]
      : []),
    { name: 'a cluster of the installed Redis', start: cluster },
  ]
}

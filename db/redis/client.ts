import { Cluster, Redis, type RedisOptions } from 'ioredis'

export type Options = {
  /** One URL, or the seed nodes of a Redis Cluster. */
  urls: string[]
  /** Shown by Redis in CLIENT LIST. */
  name: string
  /** Milliseconds after which a command is given up. */
  deadlineMs: number
}

/** A connection that fails fast: no queue while offline, nothing sent twice, a deadline on every command (R5). */
export function connectRedis({ urls, name, deadlineMs }: Options) {
  const options = {
    connectionName: name,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  } satisfies RedisOptions
  const [first = ''] = urls
  const commands: Redis | Cluster =
    urls.length === 1
      ? new Redis(first, options)
      : new Cluster(urls, {
          redisOptions: options,
          enableOfflineQueue: false,
          clusterRetryStrategy: options.retryStrategy,
        })
  if (commands instanceof Redis) giveUpAfter(deadlineMs, commands)
  else commands.on('+node', (node: Redis) => giveUpAfter(deadlineMs, node))
  const calls = countCalls(commands)
  const heartbeat = watch(commands)
  return {
    commands,
    /** False while Redis is gone or does not answer: skip it then, rather than wait for the deadline (R5). */
    healthy: heartbeat.healthy,
    /** Since when it does not answer, as epoch milliseconds; null while it does. */
    downSince: heartbeat.downSince,
    /** Since when it has answered without a break, on the clock of `performance.now()`; null while it does not. */
    upSince: heartbeat.upSince,
    /** Calls by command name since the start, for the console's own-cost figure. */
    calls,
    ready: (timeoutMs = 5_000) =>
      waitUntil(heartbeat.healthy, timeoutMs, `Redis at ${urls.join(', ')} does not answer`),
    close: () => {
      heartbeat.stop()
      commands.disconnect()
    },
  }
}

export type RedisStore = ReturnType<typeof connectRedis>

const HEARTBEAT_MS = 100
const SILENCE_MS = 300

/** Asks PING ten times a second; also keeps 'error' events, which repeat what the commands already report, quiet. */
export function watch(connection: Redis | Cluster) {
  let lastPong = 0
  let up = 0
  let down: number | null = Date.now()
  let lastBeat = performance.now()
  /** How long this process itself was too busy to listen: that is not Redis' silence. */
  const stalledMs = () => Math.max(0, performance.now() - lastBeat - 2 * HEARTBEAT_MS)
  const healthy = () => lastPong > 0 && performance.now() - stalledMs() - lastPong < SILENCE_MS
  const beat = async () => {
    if (lastPong > 0) lastPong += stalledMs()
    lastBeat = performance.now()
    try {
      await connection.ping()
      if (!healthy()) up = performance.now()
      lastPong = performance.now()
      down = null
    } catch {
      down ??= Date.now()
    }
  }
  connection.on('error', () => {})
  connection.on('ready', beat)
  connection.on('close', () => {
    lastPong = 0
    down ??= Date.now()
  })
  const timer = setInterval(beat, HEARTBEAT_MS)
  timer.unref()
  return {
    healthy,
    downSince: () => (healthy() ? null : (down ?? Date.now())),
    upSince: () => (healthy() ? up : null),
    stop: () => clearInterval(timer),
  }
}

/**
 * What ioredis' own commandTimeout does, except that a reply which waits in the socket already wins: timers run before
 * sockets are read, so that a busy event loop would look like a slow Redis.
 */
function giveUpAfter(deadlineMs: number, connection: Redis) {
  const send: Redis['sendCommand'] = connection.sendCommand.bind(connection)
  connection.sendCommand = (...[command, ...rest]: Parameters<Redis['sendCommand']>) => {
    const giveUp = () => command.isSettled || command.reject(new Error('Command timed out'))
    setTimeout(() => setImmediate(giveUp), deadlineMs).unref()
    return send(command, ...rest)
  }
}

function countCalls(connection: Redis | Cluster): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  const send: Redis['sendCommand'] = connection.sendCommand.bind(connection)
  connection.sendCommand = (...[command, ...rest]: Parameters<Redis['sendCommand']>) => {
    calls.set(command.name, (calls.get(command.name) ?? 0) + 1)
    return send(command, ...rest)
  }
  return calls
}

async function waitUntil(done: () => boolean, timeoutMs: number, message: string) {
  const deadline = Date.now() + timeoutMs
  while (!done()) {
    if (Date.now() > deadline) throw new Error(message)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

import { accessSync, constants, mkdirSync } from 'node:fs'
import { createConnection, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Engine, startChild } from './child'
import { disown, ownAs, waitForOwner } from './pid-file'

const READY_WITHIN_MS = 30_000
const OUTPUT_KEPT_BYTES = 4_000

export interface RedisOptions {
  /** Made when it does not exist, and then kept by an append-only file; 'memory' keeps nothing. */
  dataDir: string | 'memory'
  /** A free one when left out. */
  port?: number
  maxmemoryMb?: number
  /** An eviction policy by Redis' name for it, as in allkeys-lru. */
  policy?: string
  /** The program; the one that `findRedis` finds when left out. */
  server?: string
  /** Further options of the program, as on its command line. */
  options?: string[]
}

export const SERVERS = ['redis-server', 'valkey-server'] as const

/** The path of redis-server, or of valkey-server where there is no Redis; null where there is neither. */
export function findRedis(names: readonly (typeof SERVERS)[number][] = SERVERS): string | null {
  for (const name of names) {
    for (const dir of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
      const file = join(dir, name)
      if (isExecutable(file)) return file
    }
  }
  return null
}

/** Starts a Redis on the loopback interface as a child process; resolves when it takes commands. */
export async function startRedis({ dataDir, port, maxmemoryMb, policy, server, options = [] }: RedisOptions) {
  const program = server ?? findRedis()
  if (!program) throw new Error('Neither redis-server nor valkey-server is on the PATH.')
  const pidFile = dataDir === 'memory' ? null : `${resolve(dataDir)}.pid`
  if (pidFile) {
    await waitForOwner(pidFile, '-server')
    mkdirSync(resolve(dataDir), { recursive: true })
  }
  const listenOn = port ?? (await freePort())
  const limits = [
    ...(maxmemoryMb === undefined ? [] : ['--maxmemory', `${maxmemoryMb}mb`]),
    ...(policy === undefined ? [] : ['--maxmemory-policy', policy]),
  ]
  const args = [
    '--port',
    String(listenOn),
    '--bind',
    '127.0.0.1',
    '--daemonize',
    'no',
    ...persistence(dataDir),
    ...limits,
    ...options,
  ]
  const engine = await startChild(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  if (pidFile) ownAs(engine.pid, pidFile)
  await untilReady(engine, listenOn)
  return {
    url: `redis://127.0.0.1:${listenOn}`,
    pid: engine.pid,
    async stop() {
      await engine.stop()
      if (pidFile) disown(pidFile)
    },
  }
}

/** Snapshots are off either way: with the append-only file they would only cost a fork each. */
function persistence(dataDir: string): string[] {
  if (dataDir === 'memory') return ['--save', '', '--appendonly', 'no', '--dir', tmpdir()]
  return ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec', '--dir', resolve(dataDir)]
}

async function untilReady(engine: Engine, port: number): Promise<void> {
  let output = ''
  const hear = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_KEPT_BYTES))
  engine.child.stdout?.on('data', hear)
  engine.child.stderr?.on('data', hear)
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await answers(port, engine.pid))) {
    const gone = engine.child.exitCode !== null || engine.child.signalCode !== null
    if (!gone && Date.now() < deadline) await sleep(20)
    else {
      await engine.stop()
      throw new Error(`Redis on port ${port} ${gone ? 'ended' : 'is not ready'}:\n${output.trim()}`)
    }
  }
}

/** Whether this very process, and not some other Redis on the port, has read its data and takes commands. */
function answers(port: number, pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = ''
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('INFO server\r\nPING\r\n'))
    const conclude = (ready: boolean) => {
      socket.destroy()
      resolve(ready)
    }
    socket.setTimeout(1_000, () => conclude(false))
    socket.once('error', () => conclude(false))
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString()
      // While the append-only file is read, INFO is answered, but PING gets -LOADING.
      if (reply.includes('\r\n-')) conclude(false)
      else if (reply.endsWith('+PONG\r\n')) conclude(reply.includes(`process_id:${pid}\r\n`))
    })
  })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '@/scripts/free-port'
import { startRedis } from './redis'

const PRIMARIES = 3
const SLOTS = 16_384
const READY_WITHIN_MS = 20_000

/** A Redis Cluster of three primaries on the loopback interface, which keeps nothing; resolves when it takes commands. */
export async function startRedisCluster() {
  const home = mkdtempSync(join(tmpdir(), 'engram-cluster-'))
  const nodes: Awaited<ReturnType<typeof startNode>>[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    rmSync(home, { recursive: true, force: true })
  }
  try {
    for (let n = 0; n < PRIMARIES; n++) nodes.push(await startNode(join(home, `${n}.conf`)))
    await meet(nodes)
  } catch (error) {
    await stop()
    throw error
  }
  return { urls: nodes.map(({ url }) => url), pids: nodes.map(({ pid }) => pid), stop }
}

type Node = { url: string; busPort: number }

async function startNode(file: string) {
  // By itself a node talks to the others on its port + 10,000, which may be none.
  const busPort = await freePort()
  const options = ['--cluster-enabled', 'yes', '--cluster-config-file', file, '--cluster-port', String(busPort)]
  return { ...(await startRedis({ dataDir: 'memory', options })), busPort }
}

/** Gives each node its part of the slots, and makes all of them known to the first. */
async function meet(nodes: Node[]): Promise<void> {
  const clients = nodes.map(({ url }) => new Redis(url))
  try {
    for (const [n, client] of clients.entries()) {
      const [from, to] = [n, n + 1].map((part) => Math.floor((part * SLOTS) / nodes.length))
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1)
      await client.call('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 0) - 1)
    }
    for (const { url, busPort } of nodes.slice(1))
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', new URL(url).port, busPort)
    const deadline = Date.now() + READY_WITHIN_MS
    for (const client of clients)
      while (!isWhole(String(await client.call('CLUSTER', 'INFO')))) {
        if (Date.now() > deadline) throw new Error('The nodes of the Redis Cluster did not find each other.')
        await sleep(50)
      }
  } finally {
    for (const client of clients) client.disconnect()
  }
}

const isWhole = (info: string) =>
  info.includes('cluster_state:ok') &&
  info.includes(`cluster_slots_ok:${SLOTS}`) &&
  info.includes(`known_nodes:${PRIMARIES}`)

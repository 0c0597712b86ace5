import { setTimeout as sleep } from 'node:timers/promises'
import { connectPostgres } from '@/db/postgres/client'
import { selectActivePrompt } from '@/db/postgres/queries/prompts'
import { connectRedis } from '@/db/redis/client'
import type { Random } from '@/scripts/simulate/random'
import { createEngram } from '@/sdk/src/engram'
import { promptReader } from '@/server/services/prompts/prompt-reader'
import { type Control, LATEST_FILL_MS, rules } from './controls'
import { CHANNEL } from './prompts'
import type { Task } from './reader'

export type Got = { revision: number; version: number; content: string; source: string; declaredStale: boolean }
export type ReadPath = {
  read(prompt: string): Promise<Got>
  /** Reads by what answered them, where single answers do not tell. */
  sources(): Record<string, number>
  close(): Promise<void>
}

const PATIENCE_MS = 20_000

/** Over HTTP, each read through any of the gateways. */
export function throughGateways({ gatewayUrls, appKey }: Task, random: Random): ReadPath {
  const headers = { authorization: `Bearer ${appKey}` }
  return {
    read: async (prompt) => {
      const url = `${random.oneOf(gatewayUrls)}/v1/prompts/${encodeURIComponent(prompt)}?channel=${CHANNEL}`
      const reply = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })
      if (reply.status !== 200) throw new Error(`answered ${reply.status}: ${await reply.text()}`)
      const { revision, version, content } = (await reply.json()) as Got
      return { revision, version, content, source: 'gateway', declaredStale: false }
    },
    sources: () => ({}),
    close: () => Promise.resolve(),
  }
}

/** As an application does: an SDK of its own, which keeps copies and is told of changes by its gateway. */
export function throughSdk({ gatewayUrls: [url = ''], appKey, by }: Task): ReadPath {
  const engram = createEngram({ url, key: appKey, name: by, channel: CHANNEL })
  return {
    read: async (prompt) => {
      const { revision, version, content, source, stale } = await engram.prompt(prompt)
      return { revision, version, content, source, declaredStale: stale }
    },
    sources: () => ({}),
    close: async () => {
      await engram.close()
    },
  }
}

/** The read path without copies, as a process of its own takes it. */
export async function throughSharedCache(task: Task): Promise<ReadPath> {
  const stores = await connect(task)
  const reader = promptReader(stores, null)
  return {
    read: async (name) => {
      const { revision, version, content } = (await reader.read({ name, channel: CHANNEL })).prompt
      return { revision, version, content, source: 'the shared cache or Postgres', declaredStale: false }
    },
    sources: () => ({ redis: reader.reads.redis, postgres: reader.reads.postgres }),
    close: stores.close,
  }
}

/** A read path that fills the cache by a rule known to be wrong. */
export async function throughControl(task: Task, control: Control, random: Random): Promise<ReadPath> {
  const { db, redis, close } = await connect(task)
  const rule = rules[control]
  const reads = { redis: 0, postgres: 0 }
  return {
    read: async (prompt) => {
      const held = await rule.lookUp(redis.commands, prompt)
      reads[held ? 'redis' : 'postgres']++
      if (held) return { ...(JSON.parse(held) as Got), source: 'redis', declaredStale: false }
      const row = await selectActivePrompt(db, { name: prompt, channel: CHANNEL })
      if (!row?.active) throw new Error(`${prompt} has no active version`)
      const got = { ...row.active, content: row.content ?? '' }
      const cached = { revision: got.revision, json: JSON.stringify(got) }
      // As Engram does: nobody waits for the fill, and one that fails leaves a miss. A busy process may be late with it.
      void sleep(random.next() * LATEST_FILL_MS)
        .then(() => rule.fill(redis.commands, prompt, cached))
        .catch(() => {})
      return { ...got, source: 'postgres', declaredStale: false }
    },
    sources: () => ({ ...reads }),
    close,
  }
}

async function connect({ databaseUrl, redisUrl, by }: Task) {
  const db = connectPostgres({ url: databaseUrl, poolSize: 8, deadlineMs: 3_000, applicationName: by })
  const redis = connectRedis({ urls: [redisUrl], name: by, deadlineMs: 100 })
  await redis.ready()
  const close = async () => {
    redis.close()
    await db.close()
  }
  return { db, redis, close }
}

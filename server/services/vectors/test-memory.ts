import { randomUUID } from 'node:crypto'
import { connectPostgres } from '@/db/postgres/client'
import { postgresEnv } from '@/db/postgres/env'
import { connectRedis } from '@/db/redis/client'
import { redisEnv } from '@/db/redis/env'
import type { MemoryMetric } from '@/db/postgres/schema/memory'
import { type Caller, system } from '@/server/services/context'
import { addItems } from './add-items'
import type { MemoryItem } from './vectors.schema'

/** Stores as a gateway has them, for tests. */
export function testStores(): Caller & { close: () => Promise<void> } {
  const db = connectPostgres({
    url: postgresEnv().url,
    poolSize: 6,
    deadlineMs: 30_000,
    applicationName: 'test-vectors',
  })
  const redis = connectRedis({ urls: redisEnv().urls, name: 'test-vectors', deadlineMs: 1_000 })
  return {
    db,
    redis,
    actor: system,
    close: async () => {
      redis.close()
      await db.close()
    },
  }
}

export const newTenant = () => `mem-${randomUUID().slice(0, 13)}`
export const MODEL = 'test-embedder'

/** Deterministic: the same numbers in every run. */
export function randomOf(seed: number) {
  let state = seed % 2147483647 || 1
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

/** Small whole numbers: sums of their products are exact in single precision, so that nothing depends on rounding. */
export function wholeVector(random: () => number, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => Math.round(random() * 16 - 8))
  if (!vector.some(Boolean)) vector[0] = 1
  return vector
}

export function itemsOf(vectors: number[][], more: Partial<MemoryItem> = {}): MemoryItem[] {
  return vectors.map((embedding, n) => ({
    id: `i${String(n).padStart(5, '0')}`,
    content: `Item ${n}`,
    kind: n % 10 === 0 ? 'rare' : 'note',
    embedding,
    embeddingModel: MODEL,
    ...more,
  }))
}

export async function remember(caller: Caller, tenant: string, items: MemoryItem[]): Promise<void> {
  for (let at = 0; at < items.length; at += 500)
    await addItems(caller, { tenant, items: items.slice(at, at + 500), simulated: false })
}

/** As pgvector computes them: products and squares summed, then in double precision. Smaller is nearer. */
export function distanceInJs(metric: MemoryMetric, a: number[], b: number[]): number {
  let dot = 0
  let left = 0
  let right = 0
  let squares = 0
  for (let n = 0; n < a.length; n++) {
    const [x = 0, y = 0] = [a[n], b[n]]
    dot += x * y
    left += x * x
    right += y * y
    squares += (x - y) ** 2
  }
  if (metric === 'ip') return -dot
  if (metric === 'l2') return Math.sqrt(squares)
  return 1 - Math.max(-1, Math.min(1, dot / Math.sqrt(left * right)))
}

/** A statement as text for `db.execute`, its values written into it: what somebody with psql would send. */
export const sql = (parts: TemplateStringsArray, ...values: (string | number)[]): string =>
  parts.reduce((text, part, n) => {
    const value = values[n - 1]
    return text + (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)) + part
  })

import postgres from 'postgres'
import { connectStores } from '@/server/services/stores'
import { searchMemory } from '@/server/services/vectors/search-memory'
import type { Figure } from './figure'
import { fillMemory, vector } from './filled-memory'
import { median } from './load'
import type { Setting } from './setting'

const ITEMS = Number(process.env.BENCH_ITEMS ?? 50_000)
const [DIMENSIONS, K, EF, WARMING, SEARCHES, JUDGED] = [384, 10, 100, 100, 700, 100]
const tenant = 'nearest-neighbours'

/**
 * Searches with vectors that were not asked before, in turns: by raw prepared SQL on the partition, as a superuser whose session
 * has ef_search set already, and by our call, with its tenant and its row-level security, without the look into Redis for a kept answer.
 */
export async function nearestNeighbours({ databaseUrl }: Setting): Promise<Figure[]> {
  const connected = connectStores('gateway')
  // Redis is not looked into, nor filled: what it answers is no search.
  const stores = { ...connected, redis: { ...connected.redis, upSince: () => null } }
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    await stores.redis.ready()
    await fillMemory(stores, sql, tenant, ITEMS)
    const [{ number } = { number: 0 }] = await sql<{ number: number }[]>`
      select number from memory_partitions where tenant = ${tenant}`
    await sql`select set_config('hnsw.ef_search', ${String(EF)}, false)`
    const text = `select id, content, kind, metadata, embedding::vector(${DIMENSIONS}) <=> $1::text::vector(${DIMENSIONS}) as distance
      from memory_t${number} order by (embedding::vector(${DIMENSIONS})) <=> $1::text::vector(${DIMENSIONS}) limit ${K}`
    const raw = async (embedding: number[]) =>
      (await sql.unsafe<{ id: string }[]>(text, [JSON.stringify(embedding)], { prepare: true })).map(({ id }) => id)
    const ours = async (embedding: number[]) => {
      const answer = await searchMemory(stores, { tenant, search: { embedding, k: K, efSearch: EF } })
      return (JSON.parse(answer) as { items: { id: string }[] }).items.map(({ id }) => id)
    }
    const exact = async (embedding: number[]) =>
      (
        await sql.unsafe<{ id: string }[]>(
          `select id from memory_t${number} order by (embedding::vector(${DIMENSIONS}) <=> $1::text::vector(${DIMENSIONS})) + 0 limit ${K}`,
          [JSON.stringify(embedding)],
        )
      ).map(({ id }) => id)
    const times: { raw: number[]; ours: number[] } = { raw: [], ours: [] }
    for (let n = 0; n < WARMING + SEARCHES; n++) {
      const [rawMs, oursMs] = [await timeOf(raw), await timeOf(ours)]
      if (n < WARMING) continue // of the pages and the plans
      times.raw.push(rawMs)
      times.ours.push(oursMs)
    }
    const found = { raw: 0, ours: 0 }
    for (let n = 0; n < JUDGED; n++) {
      const asked = vector()
      const nearest = new Set(await exact(asked))
      for (const id of await raw(asked)) if (nearest.has(id)) found.raw++
      for (const id of await ours(asked)) if (nearest.has(id)) found.ours++
    }
    return [
      {
        work: `nearest neighbours, ${ITEMS.toLocaleString('en')} × ${DIMENSIONS}, ef_search ${EF}`,
        ours: median(times.raw),
        unit: 'ms by raw prepared SQL',
        other: median(times.ours),
        otherUnit: 'ms',
        dividedBy: 'our service call',
        goal: { atLeast: 0.87 },
      },
      {
        work: 'recall of our service call',
        ours: found.ours / (JUDGED * K),
        unit: 'recall',
        other: found.raw / (JUDGED * K),
        dividedBy: 'recall of raw prepared SQL',
        goal: { atLeast: 0.99 },
      },
    ]
  } finally {
    await sql.end()
    await stores.close()
  }
}

/** Milliseconds of one search. */
async function timeOf(search: (embedding: number[]) => Promise<unknown>): Promise<number> {
  const asked = vector()
  const started = performance.now()
  await search(asked)
  return performance.now() - started
}

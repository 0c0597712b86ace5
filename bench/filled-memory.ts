import type postgres from 'postgres'
import { system } from '@/server/services/context'
import type { connectStores } from '@/server/services/stores'
import { addItems } from '@/server/services/vectors/add-items'
import { askForJob } from '@/server/services/vectors/ask-for-job'
import { jobRunner } from '@/server/services/vectors/run-jobs'

const [DIMENSIONS, CENTRES, AT_ONCE] = [384, 100, 1_000]

/** Around a hundred centres, as vectors of texts lie. */
const centres = Array.from({ length: CENTRES }, () => Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5))
export const vector = () =>
  (centres[Math.floor(Math.random() * centres.length)] ?? []).map((at) => at + (Math.random() - 0.5) / 2)

type Stores = Pick<ReturnType<typeof connectStores>, 'db' | 'redis'>

/** Gives a tenant so many items, and its index. `sql` is of the same database. */
export async function fillMemory(stores: Stores, sql: postgres.Sql, tenant: string, items: number): Promise<void> {
  const caller = { ...stores, actor: system }
  const item = { id: 'first', content: 'Item', kind: 'note', embedding: vector(), embeddingModel: 'bench' }
  await addItems(stores, { tenant, items: [item], simulated: false })
  for (let at = 1; at < items; at += AT_ONCE) {
    const vectors = Array.from({ length: Math.min(AT_ONCE, items - at) }, () => JSON.stringify(vector()))
    await sql`
      insert into memory (tenant, id, kind, content, metadata, embedding, embedding_model, occurred_at, content_hash)
      select ${tenant}, ${`i-${at}-`} || n, 'note', 'Item ' || n, '{}', embedding::vector, 'bench', now(), n::text
      from unnest(${vectors}::text[]) with ordinality as made(embedding, n)`
  }
  await askForJob(caller, { tenant, work: { kind: 'memory.build-index' } })
  await jobRunner(stores, { tenant }).run()
}

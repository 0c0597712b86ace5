import { notePace } from '@/db/postgres/queries/embedding-models'
import {
  countMissing,
  itemsToEmbed,
  keepBatch,
  type ToEmbed,
  updateReEmbedding,
} from '@/db/postgres/queries/re-embeddings'
import type { Space } from '@/db/postgres/queries/vectors-space'
import type { Stores } from '@/server/services/context'
import { checkVector } from '@/server/services/vectors/check-vector'
import type { Embed } from '@/server/services/vectors/models/embedder'

export type Filling = {
  tenant: string
  /** Of the change, which a batch must still belong to. */
  change: string
  model: { name: string; batchSize: number }
  space: Space
  embed: Embed
  signal: AbortSignal
  tell: (now: { phase: string; progress: number | null }) => void
}

/** About 100,000 tokens: less than any endpoint takes at once. */
const MOST_CHARACTERS = 400_000

/**
 * Embeds what has no vector of the model yet, in batches, again and again until nothing is missing: items are written
 * meanwhile. Answers how many vectors were made. Ended at any point it leaves whole batches only.
 */
export async function fillColumn({ db }: Pick<Stores, 'db'>, filling: Filling): Promise<number> {
  const { tenant, space } = filling
  for (let made = 0; ;) {
    filling.signal.throwIfAborted()
    const { items, missing } = await countMissing(db, { tenant, column: space.column })
    await updateReEmbedding(db, tenant, { missing })
    if (missing === 0) return made
    made += await pass({ db }, filling, { items, missing })
  }
}

async function pass({ db }: Pick<Stores, 'db'>, filling: Filling, { items, missing }: Record<string, number>) {
  const { tenant, space, model, signal, tell } = filling
  let made = 0
  for (let after: string | null = null; ;) {
    signal.throwIfAborted()
    tell({ phase: 'embedding', progress: Math.max(0, 1 - ((missing ?? 0) - made) / Math.max(1, items ?? 0)) })
    const found = await itemsToEmbed(db, { tenant, column: space.column, after, limit: model.batchSize })
    const batch = fitting(found)
    if (batch.length === 0) return made
    await embedBatch({ db }, filling, batch)
    made += batch.length
    after = batch.at(-1)?.id ?? null
  }
}

/** As many as fit into one request; at least one. */
function fitting(found: ToEmbed[]): ToEmbed[] {
  let characters = 0
  return found.filter(({ content }, place) => (characters += content.length) <= MOST_CHARACTERS || place === 0)
}

/** All of a batch or nothing: each vector is looked at before one is kept. */
async function embedBatch({ db }: Pick<Stores, 'db'>, filling: Filling, batch: ToEmbed[]): Promise<void> {
  const { tenant, change, model, space, embed, signal } = filling
  const started = performance.now()
  const { vectors, tokens, estimated, retries } = await embed(
    batch.map(({ content }) => content),
    signal,
  )
  const rows = batch.flatMap(({ id, hash }, place) => {
    const vector = vectors[place]
    return vector ? [{ id, hash, vector }] : []
  })
  for (const { id, vector } of rows) checkVector(vector, space, `the vector of item ${id}`)
  const workedMs = performance.now() - started
  const counts = { tokens, estimated, retries, requests: retries + 1, workedMs }
  const kept = await keepBatch(db, { tenant, column: space.column, change, model: model.name, rows, ...counts })
  if (kept === null) throw new Error('The change of the model was ended meanwhile.')
  await notePace(db, { name: model.name, msPerItem: workedMs / batch.length })
}

import { type RawBody, parseJson } from '@/server/gateway/body'
import { badInput } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { ingestUsage, type Reporter } from '@/server/services/usage/ingest-usage'
import { type IngestReply, UsageBatch } from '@/server/services/usage/usage.schema'

/** What became of a body; `first` is the first event in it that was new. */
export type Ingested<R> = { reply: R; first: { tenant: string; model: string } | null }

/** Takes reports of usage as their bodies came. Errors are those of the verbs. */
export type Ingest = {
  usage(body: RawBody, key: Reporter): Promise<Ingested<IngestReply>>
  close(): Promise<void>
}

/** Reads and records in this thread. */
export const ingestHere = (stores: Pick<Stores, 'db'>): Ingest => ({
  usage: async ({ bytes }, key) => {
    const batch = UsageBatch.safeParse(parseJson(bytes))
    if (!batch.success) throw badInput(batch.error, 'body')
    const { reply, first } = await ingestUsage(stores, { key, events: batch.data.events })
    return { reply, first: first && { tenant: first.tenant, model: first.model } }
  },
  close: () => Promise.resolve(),
})

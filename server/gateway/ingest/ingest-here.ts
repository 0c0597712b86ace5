import { type RawBody, parseJson } from '@/server/gateway/body'
import { badInput } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { ingestUsage, type Reporter } from '@/server/services/usage/ingest-usage'
import { ingestTraces } from '@/server/services/usage/ingest-traces'
import { spansOfJson } from '@/server/services/usage/spans-of-export'
import { spansOfProtobuf } from '@/server/services/usage/spans-of-protobuf'
import type { TraceReply } from '@/server/services/usage/traces.schema'
import { type IngestReply, UsageBatch, type UsageEvent } from '@/server/services/usage/usage.schema'

export const PROTOBUF = 'application/x-protobuf'

/** What became of a body; `first` is the first event in it that was new. */
export type Ingested<R> = { reply: R; first: { tenant: string; model: string } | null }

/** Takes reports of usage as their bodies came. Errors are those of the verbs. */
export type Ingest = {
  usage(body: RawBody, key: Reporter): Promise<Ingested<IngestReply>>
  traces(body: RawBody, key: Reporter): Promise<Ingested<TraceReply>>
  close(): Promise<void>
}

/** Reads and records in this thread. */
export const ingestHere = (stores: Pick<Stores, 'db'>): Ingest => ({
  usage: async ({ bytes }, key) => {
    const batch = UsageBatch.safeParse(parseJson(bytes))
    if (!batch.success) throw badInput(batch.error, 'body')
    return ingested(await ingestUsage(stores, { key, events: batch.data.events }))
  },
  traces: async ({ bytes, type }, key) => {
    const spans = type === PROTOBUF ? spansOfProtobuf(bytes) : spansOfJson(parseJson(bytes))
    return ingested(await ingestTraces(stores, { key, spans }))
  },
  close: () => Promise.resolve(),
})

const ingested = <R>({ reply, first }: { reply: R; first: UsageEvent | null }): Ingested<R> => ({
  reply,
  first: first && { tenant: first.tenant, model: first.model },
})

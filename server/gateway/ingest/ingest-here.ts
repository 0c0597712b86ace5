import { type RawBody, parseJson } from '@/server/gateway/body'
import { badInput } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { ingestUsage, type Recorded, type Reporter } from '@/server/services/usage/ingest-usage'
import { ingestTraces } from '@/server/services/usage/ingest-traces'
import { spansOfJson } from '@/server/services/usage/spans-of-export'
import { spansOfProtobuf } from '@/server/services/usage/spans-of-protobuf'
import type { TraceReply } from '@/server/services/usage/traces.schema'
import { budgetAdder } from '@/server/services/usage/budgets/add-to-budgets'
import { logError } from '@/server/log'
import { type IngestReply, UsageBatch } from '@/server/services/usage/usage.schema'

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
export function ingestHere(stores: Stores): Ingest {
  const addToBudgets = budgetAdder(stores)

  /** What is committed is acknowledged, also when a store stops answering at this very moment. */
  const budgetsUsedUp = async ({ id }: Reporter, recorded: Recorded) => {
    try {
      return await addToBudgets(id, recorded)
    } catch (error) {
      logError('budgets not read', error)
      return []
    }
  }

  return {
    usage: async ({ bytes }, key) => {
      const batch = UsageBatch.safeParse(parseJson(bytes))
      if (!batch.success) throw badInput(batch.error, 'body')
      const { reply, ...recorded } = await ingestUsage(stores, { key, events: batch.data.events })
      const budgets = await budgetsUsedUp(key, recorded)
      return {
        reply: budgets.length > 0 ? { ...reply, budgetsUsedUp: budgets } : reply,
        first: firstOf([recorded]),
      }
    },
    traces: async ({ bytes, type }, key) => {
      const spans = type === PROTOBUF ? spansOfProtobuf(bytes) : spansOfJson(parseJson(bytes))
      const { reply, recorded } = await ingestTraces(stores, { key, spans })
      for (const one of recorded) await budgetsUsedUp(key, one)
      return { reply, first: firstOf(recorded) }
    },
    close: () => Promise.resolve(),
  }
}

function firstOf(recorded: Recorded[]): Ingested<unknown>['first'] {
  const event = recorded.find(({ accepted }) => accepted.length > 0)?.accepted[0]?.event
  return event ? { tenant: event.tenant, model: event.model } : null
}

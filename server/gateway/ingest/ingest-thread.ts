import { Worker } from 'node:worker_threads'
import { AppError } from '@/server/errors'
import { logError } from '@/server/log'
import type { Reporter } from '@/server/services/usage/ingest-usage'
import type { RawBody } from '@/server/gateway/body'
import type { Ingest, Ingested } from './ingest-here'
import type { Answer, Kind, Question } from './thread-messages'

type Waiting = { bytes: number; resolve: (done: never) => void; reject: (error: unknown) => void }

/** Bodies that wait for the thread may hold this much memory together; the rest is told to come back (503). */
const MOST_BYTES = 64 * 1024 * 1024
/** A batch lives as long as its commit: in less room, it is copied around before it dies. */
const YOUNG_MB = 192

/**
 * Takes reports of usage in a thread of its own, so that reads of prompts and caches are not held up by them. A thread
 * that ended unasked is replaced by the next report; what it was at is answered `unavailable`, and safe to send again.
 */
export function ingestThread({ entry = new URL('./start-thread.mjs', import.meta.url) } = {}): Ingest {
  const waiting = new Map<number, Waiting>()
  let [thread, lastId, bytesWaiting] = [start(), 0, 0]

  function start(): Worker {
    const begun = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })
    begun.on('message', settle)
    begun.on('error', (error) => logError('the ingest thread failed', error))
    begun.once('exit', () => {
      for (const id of waiting.keys()) settle({ id, refused: { ...ENDED, field: undefined } })
    })
    return begun
  }

  function settle(answer: Answer) {
    const asked = waiting.get(answer.id)
    if (!asked) return
    waiting.delete(answer.id)
    bytesWaiting -= asked.bytes
    if ('done' in answer) asked.resolve(answer.done as never)
    else if ('failed' in answer) asked.reject(new Error(`in the ingest thread: ${answer.failed}`))
    else asked.reject(new AppError(answer.refused.code, answer.refused.message, { field: answer.refused.field }))
  }

  function ask<T>(question: (id: number) => Question, bytes: number): Promise<T> {
    if (bytesWaiting + bytes > MOST_BYTES) return Promise.reject(new AppError('unavailable', TOO_MUCH))
    if (thread.threadId === -1) thread = start()
    const id = ++lastId
    bytesWaiting += bytes
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { bytes, resolve, reject })
      thread.postMessage(question(id))
    })
  }

  const report =
    <R>(kind: Kind) =>
    ({ bytes, type }: RawBody, { id: keyId, tenants, simulated }: Reporter) =>
      ask<Ingested<R>>((id) => ({ id, kind, bytes, type, key: { id: keyId, tenants, simulated } }), bytes.length)

  return {
    usage: report('usage'),
    traces: report('traces'),
    close: async () => {
      if (thread.threadId !== -1) await ask((id) => ({ id, kind: 'close' }), 0)
    },
  }
}

const ENDED = { code: 'unavailable', message: 'Usage is taken again in a moment. Send this batch again.' } as const
const TOO_MUCH = 'More usage is being reported than can be taken. Send this batch again.'

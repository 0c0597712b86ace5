import { isUnavailable } from './errors.js'
import { type Connection, errorOf, send } from './http.js'
import type { UsageEvent } from './usage-event.js'

/** An event as it is sent, the same at every attempt: with another payload under its id it would be a conflict. */
export type Waiting = { event: UsageEvent; json: string; place: number }

export type Rejected = { event: UsageEvent; code: string; message: string; field: string | null }

/** What became of a batch. `retry`: nobody knows, so it is sent again. */
export type Outcome = {
  accepted: number
  duplicates: number
  rejected: Rejected[]
  retry: Waiting[]
  retryAfterMs: number | null
}

/** Rows are committed before they are acknowledged: that may take longer than a read. */
const DEADLINE_MS = 5_000

export async function sendBatch(connection: Connection, batch: Waiting[]): Promise<Outcome> {
  const json = `{"events":[${batch.map((one) => one.json).join(',')}]}`
  const again = (retryAfterMs: number | null): Outcome => ({ ...nothing(), retry: batch, retryAfterMs })
  const reply = await send(connection, { method: 'POST', path: '/v1/usage', json, deadlineMs: DEADLINE_MS }).catch(
    () => null,
  )
  if (!reply) return again(null)
  const judged = readJudgement(batch, reply.body)
  if (judged) return { ...nothing(), ...judged }

  const error = errorOf(connection, reply)
  if (isUnavailable(error)) return again(reply.retryAfterMs)
  if (error.code === 'too_large' && batch.length > 1) return inHalves(connection, batch)
  const { code, message, field } = error
  return { ...nothing(), rejected: batch.map(({ event }) => ({ event, code, message, field })) }
}

/** One oversized event must not take the others with it. */
async function inHalves(connection: Connection, batch: Waiting[]): Promise<Outcome> {
  const middle = Math.ceil(batch.length / 2)
  const a = await sendBatch(connection, batch.slice(0, middle))
  const b = await sendBatch(connection, batch.slice(middle))
  return {
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    rejected: [...a.rejected, ...b.rejected],
    retry: [...a.retry, ...b.retry],
    retryAfterMs: b.retryAfterMs ?? a.retryAfterMs,
  }
}

const nothing = (): Outcome => ({ accepted: 0, duplicates: 0, rejected: [], retry: [], retryAfterMs: null })

type Row = { index: number; code: string; message: string; field?: string | null }

/** The gateway's judgement of each row, with which it also answers 400 when none was right. */
function readJudgement(batch: Waiting[], body: unknown): Pick<Outcome, 'accepted' | 'duplicates' | 'rejected'> | null {
  const { accepted, duplicates, rejected } = (body ?? {}) as Record<string, unknown>
  if (typeof accepted !== 'number' || typeof duplicates !== 'number' || !Array.isArray(rejected)) return null
  const rows = (rejected as Row[]).flatMap(({ index, code, message, field = null }) => {
    const event = batch[index]?.event
    return event ? [{ event, code, message, field }] : []
  })
  return { accepted, duplicates, rejected: rows }
}

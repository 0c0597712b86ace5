import { randomUUID } from 'node:crypto'
import { backoffMs } from './backoff.js'
import type { Tell } from './hooks.js'
import type { Connection } from './http.js'
import { type Outcome, sendBatch, type Waiting } from './usage-batch.js'
import type { UsageEvent } from './usage-event.js'

export type UsageCounts = {
  /** Recorded for the first time. */
  accepted: number
  /** Had been recorded already, by an attempt whose reply was lost. */
  duplicates: number
  rejected: number
  refused: number
  /** Not acknowledged yet. */
  waiting: number
}

export type UsageLimits = {
  /** Events in one request, 1,000 at most. */
  batch: number
  /** How long an event waits for others. */
  everyMs: number
  /** Events that may wait; beyond that the oldest is refused. */
  queue: number
}

const RETRY = { firstMs: 200, mostMs: 30_000 }

type Options = { connection: Connection; limits: UsageLimits; tell: Tell }

/** Events on their way to the gateway: in batches, repeated until they are acknowledged, counted once (R6). */
export function usageQueue({ connection, limits, tell }: Options) {
  let queue: Waiting[] = []
  let sending: Waiting[] = []
  let state: 'idle' | 'sending' | 'closed' = 'idle'
  let timer: NodeJS.Timeout | undefined
  let flushing = 0
  let added = 0
  const wait = interruptibleWait()
  const onSettled = new Set<() => void>()
  const counts = { accepted: 0, duplicates: 0, rejected: 0, refused: 0 }
  const waiting = () => sending.length + queue.length
  const isClosed = () => state === 'closed'

  const refuse = (event: UsageEvent, reason: 'full' | 'closed') =>
    tell('refused', { event, reason, total: ++counts.refused })

  const settle = ({ accepted, duplicates, rejected, retry }: Outcome) => {
    counts.accepted += accepted
    counts.duplicates += duplicates
    counts.rejected += rejected.length
    for (const { event, code, message, field } of rejected) tell('rejected', { event, code, message, field })
    queue = [...retry, ...queue]
    sending = []
    for (const look of onSettled) look()
  }

  const run = async () => {
    if (state !== 'idle' || queue.length === 0) return
    state = 'sending'
    clearTimeout(timer)
    timer = undefined
    let attempt = 0
    do {
      sending = queue.splice(0, limits.batch)
      const outcome = await sendBatch(connection, sending)
      if (isClosed()) return
      settle(outcome)
      attempt = outcome.retry.length > 0 ? attempt + 1 : 0
      if (attempt > 0) await wait.begin(backoffMs(attempt - 1, RETRY), outcome.retryAfterMs)
    } while (!isClosed() && (attempt > 0 || queue.length >= limits.batch || (flushing > 0 && queue.length > 0)))
    if (isClosed()) return
    state = 'idle'
    schedule()
  }

  const schedule = () => {
    if (queue.length >= limits.batch) void run()
    else if (queue.length > 0) timer ??= setTimeout(() => void run(), limits.everyMs).unref()
  }

  /** Waits, and keeps the process alive, until all that was added before is settled; answers how much is waiting yet. */
  const flush = async (timeoutMs: number): Promise<number> => {
    const upTo = added
    flushing++
    wait.hurry()
    void run()
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, timeoutMs)
      const look = () => {
        if (((sending[0] ?? queue[0])?.place ?? Infinity) <= upTo) return
        clearTimeout(giveUp)
        resolve()
      }
      onSettled.add(look)
      look()
    })
    flushing--
    return waiting()
  }

  return {
    /** Answers the id under which the event is counted. */
    add(event: UsageEvent): string {
      const id = event.id ?? randomUUID()
      if (isClosed()) return (refuse({ ...event, id }, 'closed'), id)
      const whole = { ...event, id, occurredAt: event.occurredAt ?? new Date() }
      queue.push({ event: whole, json: JSON.stringify(whole), place: ++added })
      const oldest = waiting() > limits.queue ? queue.shift() : undefined
      if (oldest) refuse(oldest.event, 'full')
      if (state === 'idle') schedule()
      return id
    },
    flush,
    async close(timeoutMs: number): Promise<number> {
      const left = isClosed() ? 0 : await flush(timeoutMs)
      state = 'closed'
      clearTimeout(timer)
      for (const { event } of [...sending, ...queue]) refuse(event, 'closed')
      queue = []
      sending = []
      return left
    },
    counts: (): UsageCounts => ({ ...counts, waiting: waiting() }),
  }
}

/** A pause between attempts. What the gateway asked for is kept; what is only our own guess, a flush may cut short. */
function interruptibleWait() {
  let end = () => {}
  return {
    begin: (ms: number, askedForMs: number | null) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(ms, askedForMs ?? 0)).unref()
        end = () => {
          clearTimeout(timer)
          resolve()
        }
        if (askedForMs !== null) end = () => {}
      }),
    hurry: () => end(),
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'

type Client = Pick<postgres.Sql, 'unsafe' | 'begin'>
type Observe = (milliseconds: number) => void

/** Thrown when Postgres did not answer in time; the statement may or may not have run. */
export class PostgresDeadlineError extends Error {
  override name = 'PostgresDeadlineError'
  constructor(readonly deadlineMs: number) {
    super(`Postgres did not answer within ${deadlineMs} ms`)
  }
}

/**
 * What the driver notes at a query: the backend that it was written to, and whether that one is at it. One that waits there
 * behind another must not be cancelled: the driver forgets it, and gives each answer that follows to the query after its own.
 */
type Sent = { state?: object | null; active?: boolean }

const patience = new AsyncLocalStorage<number>()

/** Lets the statements and transactions of `work` take up to `deadlineMs`, for what is long by its nature. */
export const patiently = <T>(deadlineMs: number, work: () => Promise<T>): Promise<T> =>
  patience.run(deadlineMs, async () => await work()) // awaited inside: drizzle sends a query when it is awaited

/**
 * Gives every query and transaction of a postgres.js client a deadline (R5): the driver has none, and a half-open
 * socket would wait for ever. `observe` hears how long each call took, for the console's own-cost figure.
 */
export function withDeadline<C extends Client>(client: C, usualMs: number, observe: Observe = () => {}): C {
  const timed = <T>(work: PromiseLike<T>, cancel: () => unknown, report: Observe): Promise<T> => {
    const started = performance.now()
    const deadlineMs = patience.getStore() ?? usualMs
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new PostgresDeadlineError(deadlineMs))
        cancel()
      }, deadlineMs)
      work.then(resolve, reject).then(() => {
        clearTimeout(timer)
        report(performance.now() - started)
      })
    })
  }

  const guardQuery = (run: Client['unsafe'], report: Observe) => (text: string, params?: never[], options?: object) => {
    const query = run(text, params, options) as ReturnType<Client['unsafe']> & Sent
    const cancel = () => {
      if (query.state && !query.active) return
      Promise.resolve(query.cancel()).catch(() => {})
    }
    return {
      values: () => timed(query.values(), cancel, report),
      // postgres.js queries are thenables, and drizzle awaits this one as such.
      then: (...handlers: Parameters<Promise<unknown>['then']>) => timed(query, cancel, report).then(...handlers),
    }
  }

  /** A transaction given up on is rolled back, unless its commit is on the way already. */
  const guardTransaction = (inner: Client, report: Observe) => (work: (tx: Client) => Promise<unknown>) => {
    let late = false
    const inTime = async (tx: unknown) => {
      const result = await work(guard(tx as Client, () => {}))
      if (late) throw new Error('Nobody waits for this transaction any more')
      return result
    }
    return timed(inner.begin(inTime), () => (late = true), report)
  }

  const guard = (inner: Client, report: Observe): Client =>
    new Proxy(inner, {
      get(target, property, receiver) {
        if (property === 'unsafe') return guardQuery(target.unsafe.bind(target), report)
        if (property === 'begin') return guardTransaction(target, report)
        return Reflect.get(target, property, receiver)
      },
    })

  return guard(client, observe) as C
}

import { randomUUID } from 'node:crypto'

const MINUTE_MS = 60_000
const ROWS_PER_STATEMENT = 1_000

/** What is counted of one minute; `minute` is its beginning in epoch milliseconds. */
export type Running = { minute: number; changed: boolean }

/**
 * Totals of this process by minute and name. `flush`, called every second and before the process ends, saves those that
 * changed as they stand: saving them again after a lost reply changes nothing. A minute that is over is let go of once saved.
 */
export function runningTotals<T extends Running>(
  save: (process: string, totals: T[]) => Promise<void>,
  now: () => number = Date.now,
) {
  const process = randomUUID()
  const totals = new Map<string, T>()
  let last: Promise<void> = Promise.resolve()
  const thisMinute = () => Math.floor(now() / MINUTE_MS) * MINUTE_MS

  const write = async () => {
    const changed = [...totals.values()].filter((total) => total.changed)
    for (let at = 0; at < changed.length; at += ROWS_PER_STATEMENT) {
      const batch = changed.slice(at, at + ROWS_PER_STATEMENT)
      const saving = save(process, batch)
      // What is counted while they are being saved changes them anew.
      for (const total of batch) total.changed = false
      try {
        await saving
      } catch (error) {
        for (const total of batch) total.changed = true
        throw error
      }
    }
    const running = thisMinute()
    for (const [name, total] of totals) if (total.minute < running && !total.changed) totals.delete(name)
  }

  return { totals, thisMinute, flush: () => (last = last.catch(() => {}).then(write)) }
}

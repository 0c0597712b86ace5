import { type KvTotal, saveKvTotals } from '@/db/postgres/queries/kv-counts'
import type { Stores } from '@/server/services/context'
import { type Running, runningTotals } from '@/server/services/running-totals'

type Call = 'reads' | 'writes' | 'deletes'
type Total = Omit<KvTotal, 'minute'> & Running & { second: number; inSecond: number }

/** Counts the calls of each namespace per minute, with those of its busiest second. */
export function kvCounter({ db }: Pick<Stores, 'db'>, now: () => number = Date.now) {
  const { totals, thisMinute, flush } = runningTotals<Total>(
    (process, changed) => saveKvTotals(db, process, changed.map(rowOf)),
    now,
  )
  return {
    count(namespace: string, call: Call) {
      const second = Math.floor(now() / 1_000)
      const minute = thisMinute()
      const name = JSON.stringify([minute, namespace])
      let total = totals.get(name)
      if (!total) {
        const none = { reads: 0, writes: 0, deletes: 0, peakPerSecond: 0 }
        total = { minute, namespace, ...none, second, inSecond: 0, changed: false }
        totals.set(name, total)
      }
      if (total.second !== second) Object.assign(total, { second, inSecond: 0 })
      total[call]++
      total.inSecond++
      total.peakPerSecond = Math.max(total.peakPerSecond, total.inSecond)
      total.changed = true
    },
    flush,
  }
}

export type KvCounter = ReturnType<typeof kvCounter>

const rowOf = ({ minute, second: _, inSecond: __, changed: ___, ...total }: Total): KvTotal => ({
  ...total,
  minute: new Date(minute).toISOString(),
})

import { type KeptSearch, keepSearches, SLOTS } from '@/db/postgres/queries/vectors-kept-searches'
import { vectorText } from '@/db/postgres/queries/vectors-space'
import type { Stores } from '@/server/services/context'

type Search = { embedding: readonly number[]; model: string; kind?: string }
/** One of a tenant's searches of a minute, each as likely as the others (reservoir sampling: Vitter, ACM TOMS 11, 1985). */
type Drawn = { minute: number; seen: number; at: number; search: Search }

const MINUTE_MS = 60_000
const MOST_TENANTS = 10_000
/** Of vectors of a few thousand numbers, that is a megabyte. */
const PER_STATEMENT = 50

/** Draws one search of each tenant and minute, and writes it down once the minute is over. `flush` is called every second. */
export function searchKeeper(
  { db }: Pick<Stores, 'db'>,
  { now = Date.now, random = Math.random }: { now?: () => number; random?: () => number } = {},
) {
  const drawn = new Map<string, Drawn>()
  /** Of minutes that are over; what could not be written down yet gives way to the next one. */
  const over = new Map<string, Drawn>()
  const thisMinute = () => Math.floor(now() / MINUTE_MS)

  async function flush(): Promise<void> {
    const minute = thisMinute()
    for (const [tenant, draw] of drawn)
      if (draw.minute < minute) {
        over.set(tenant, draw)
        drawn.delete(tenant)
      }
    const waiting = [...over]
    for (let from = 0; from < waiting.length; from += PER_STATEMENT) {
      const batch = waiting.slice(from, from + PER_STATEMENT)
      await keepSearches(db, batch.map(rowOf))
      for (const [tenant, draw] of batch) if (over.get(tenant) === draw) over.delete(tenant)
    }
  }

  function rowOf([tenant, { at, search }]: [string, Drawn]): KeptSearch {
    const { model, kind = null, embedding } = search
    const slot = Math.floor(random() * SLOTS)
    return { tenant, slot, at: new Date(at).toISOString(), model, kind, embedding: vectorText(embedding) }
  }

  return {
    note(tenant: string, search: Search) {
      const [at, minute] = [now(), thisMinute()]
      const last = drawn.get(tenant)
      if (last?.minute === minute) {
        last.seen++
        if (random() * last.seen < 1) Object.assign(last, { at, search })
        return
      }
      if (last) over.set(tenant, last)
      else if (drawn.size >= MOST_TENANTS) return
      drawn.set(tenant, { minute, seen: 1, at, search })
    },
    /** The tenant was erased: its searches go with it. */
    forget(tenant: string) {
      drawn.delete(tenant)
      over.delete(tenant)
    },
    flush,
  }
}
export type SearchKeeper = ReturnType<typeof searchKeeper>

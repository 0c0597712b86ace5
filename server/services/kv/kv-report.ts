import { type KvDuel, productionStores, selectDuels } from '@/db/postgres/queries/kv-duels'
import { kvTotals } from '@/db/postgres/queries/kv-counts'
import { selectNamespaces } from '@/db/postgres/queries/kv-namespaces'
import type { Stores } from '@/server/services/context'
import { type Scope, windowOf } from '@/server/services/scope.schema'
import { loadVerdict } from './load-verdict'
import { mayCancel } from './phases'

const MINUTE_MS = 60_000

/** Every namespace with where it lives, what is asked of it, and whether it needs Redis; and the duels that say so. */
export async function kvReport({ db }: Pick<Stores, 'db'>, scope: Scope, now = new Date()) {
  const { from, to } = windowOf(scope, now)
  const window = { from: new Date(Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS), to }
  const [all, totals, duels, production] = await Promise.all([
    selectNamespaces(db),
    kvTotals(db, window),
    selectDuels(db),
    productionStores(db),
  ])
  const duel = duels.find(({ state }) => state === 'done') ?? null
  const none = { reads: 0, writes: 0, deletes: 0, peakPerSecond: 0 }
  return {
    asOf: now.toISOString(),
    namespaces: all.map(({ phaseSince, createdAt, cursor: _, ...place }) => {
      const { namespace: __, ...load } = totals.find(({ namespace }) => namespace === place.name) ?? {
        ...none,
        namespace: '',
      }
      return {
        ...place,
        ...load,
        phaseSince: phaseSince.toISOString(),
        createdAt: createdAt.toISOString(),
        mayCancel: mayCancel(place),
        verdict: loadVerdict(load, duel),
      }
    }),
    duels: duels.map(shown),
    production,
  }
}
export type KvReport = Awaited<ReturnType<typeof kvReport>>
export type ListedNamespace = KvReport['namespaces'][number]
export type ListedDuel = KvReport['duels'][number]

const shown = ({ createdAt, endedAt, ...duel }: KvDuel) => ({
  ...duel,
  createdAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
})

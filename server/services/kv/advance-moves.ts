import { deleteKvOfNamespace } from '@/db/postgres/queries/kv-entries'
import {
  changeNamespace,
  type KvNamespace,
  phaseAgeMs,
  selectMovingNamespaces,
} from '@/db/postgres/queries/kv-namespaces'
import type { KvStore } from '@/db/postgres/schema/kv'
import { deleteKv } from '@/db/redis/kv'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { PHASE_SETTLES_MS } from './phases'
import { keysIn, syncEntries } from './sync-entries'

const ROWS_PER_STATEMENT = 2_000
/** How often a pass says how far it is, and hears that it was cancelled. */
const REPORT_EVERY_MS = 250
type Moving = KvNamespace & { other: KvStore }

/**
 * Takes every namespace that moves one step on. All of it may be done twice: a worker that was killed is followed by one
 * that begins its phase anew, and of two at once each finds done what the other did.
 */
export async function advanceMoves(stores: Stores): Promise<void> {
  for (const namespace of await selectMovingNamespaces(stores.db))
    if (namespace.other !== null) await advance(stores, { ...namespace, other: namespace.other })
}

async function advance(stores: Stores, namespace: Moving): Promise<void> {
  try {
    await step(stores, namespace)
  } catch (error) {
    const known = expected(error)
    if (known?.code !== 'unavailable') throw error
    await changeNamespace(stores.db, namespace, { problem: known.message })
  }
}

async function step(stores: Stores, namespace: Moving): Promise<void> {
  const { name, store, other, phase } = namespace
  const goOn = (change: Parameters<typeof changeNamespace>[2]) =>
    changeNamespace(stores.db, namespace, { problem: null, ...change })
  const settled = async () => (await phaseAgeMs(stores.db, name)) >= PHASE_SETTLES_MS
  switch (phase) {
    case 'settled':
      return
    case 'preparing':
      if (await settled()) await goOn({ phase: 'copying' })
      return
    case 'copying': {
      const done = await pass(stores, namespace, [store], ({ seen }) => goOn({ copied: seen }))
      if (done) await goOn({ phase: 'verifying', copied: done.seen })
      return
    }
    case 'verifying': {
      const done = await pass(stores, namespace, [store, other], ({ seen }) => goOn({ verified: seen }))
      if (!done) return
      const found = { verified: done.seen, differed: namespace.differed + done.differed }
      // Where something differed everything is looked at once more.
      await goOn(done.differed > 0 ? found : { ...found, phase: 'switching', store: other, other: store })
      return
    }
    case 'switching':
      if (await settled()) await goOn({ phase: 'cleaning' })
      return
    case 'cleaning':
    case 'cancelling':
      if (!(await settled())) return
      await empty(stores, other, name)
      await goOn({ phase: 'settled', other: null })
      return
  }
}

type Seen = { seen: number; differed: number }

/** Syncs all that there is in these stores, to what `store` has; null where the move was cancelled meanwhile. */
async function pass(
  stores: Stores,
  { name, store, other }: Moving,
  over: KvStore[],
  report: (so: Seen) => Promise<boolean>,
): Promise<Seen | null> {
  const so = { seen: 0, differed: 0 }
  let toldAt = performance.now()
  for (const where of over)
    for await (const keys of keysIn(stores, where, name)) {
      so.differed += await syncEntries(stores, { from: store, to: other }, keys)
      if (where === store) so.seen += keys.length
      if (performance.now() - toldAt < REPORT_EVERY_MS) continue
      toldAt = performance.now()
      if (!(await report(so))) return null
    }
  return so
}

/** Nobody reads or writes it there any more. */
async function empty({ db, redis }: Stores, store: KvStore, name: string): Promise<void> {
  if (store !== 'redis') {
    while ((await deleteKvOfNamespace(db, store, name, ROWS_PER_STATEMENT)) > 0);
    return
  }
  for await (const keys of keysIn({ db, redis }, store, name))
    await redisTruth(redis, () => Promise.all(keys.map((key) => deleteKv(redis, key))))
}

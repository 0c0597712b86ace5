import {
  changeSessionNamespace,
  selectMovingSessionNamespaces,
  type SessionNamespace,
  sessionPhaseAgeMs,
} from '@/db/postgres/queries/session-namespaces'
import { selectUndoable } from '@/db/postgres/queries/session-logouts'
import { anyAsideInTable } from '@/db/postgres/queries/table-session-lists'
import { anyAsideInRedis } from '@/db/redis/logged-out'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { inMove } from './in-its-store'
import { GRACE_MS, UNDO_MS } from './log-out-state'
import { otherStore, PHASE_SETTLES_MS, prefixOf } from './places'
import { sessionTruth } from './session-truth'
import { idsInStore } from './walk-sessions'

const LANES = 4
const MOST_LOGOUTS = 200
const REPORT_EVERY_MS = 250

/**
 * Takes the namespace that moves a step on. All of it may be done twice: a worker that was killed is followed by one that
 * looks for what is left.
 */
export async function advanceSessionMoves(stores: Stores): Promise<void> {
  for (const namespace of await selectMovingSessionNamespaces(stores.db)) {
    try {
      await step(stores, namespace)
    } catch (error) {
      const known = expected(error)
      if (known?.code !== 'unavailable' && known?.code !== 'conflict') throw error
      await changeSessionNamespace(stores.db, namespace, { problem: known.message })
    }
  }
}

async function step(stores: Stores, namespace: SessionNamespace): Promise<void> {
  const { name, store, phase } = namespace
  const settles = (await sessionPhaseAgeMs(stores.db, name)) >= PHASE_SETTLES_MS
  if (phase === 'preparing') {
    if (settles) await changeSessionNamespace(stores.db, namespace, { phase: 'moving', problem: null })
    return
  }
  const found = await bring(stores, namespace)
  if (found > 0 || !settles) return
  if (await mayComeBack(stores, namespace)) return
  await changeSessionNamespace(stores.db, namespace, { phase: 'settled', store: otherStore(store), problem: null })
}

/** An undo brings sessions back to where a log-out took them from. */
async function mayComeBack({ db, redis }: Stores, { name, store }: SessionNamespace): Promise<boolean> {
  const finishedAfter = new Date(Date.now() - UNDO_MS - GRACE_MS)
  const logouts = await selectUndoable(db, { finishedAfter, limit: MOST_LOGOUTS })
  if (store === 'unlogged') return anyAsideInTable(db, { namespace: name, logouts })
  return sessionTruth(redis, () => anyAsideInRedis(redis, { start: `${name}:`, logouts }))
}

/** Brings over whatever the old store has of it; how many sessions that were. */
async function bring(stores: Stores, namespace: SessionNamespace): Promise<number> {
  const { name, store } = namespace
  let [found, toldAt] = [0, performance.now()]
  const place = { namespace: name, store, phase: 'moving' } as const
  const report = () => changeSessionNamespace(stores.db, namespace, { moved: namespace.moved + found, problem: null })
  for await (const step of idsInStore(stores, store, name)) {
    const mine = step.filter((id) => prefixOf(id) === name)
    for (let at = 0; at < mine.length; at += LANES)
      await Promise.all(mine.slice(at, at + LANES).map((id) => inMove(stores, id, place, () => Promise.resolve())))
    found += mine.length
    if (performance.now() - toldAt < REPORT_EVERY_MS) continue
    toldAt = performance.now()
    await report()
  }
  if (found > 0) await report()
  return found
}

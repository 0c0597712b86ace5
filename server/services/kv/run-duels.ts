import { randomBytes } from 'node:crypto'
import { claimDuel, endDuel, endSilentDuels, type KvDuel, reportDuel } from '@/db/postgres/queries/kv-duels'
import type { DuelSide, KvStore } from '@/db/postgres/schema/kv'
import { expected } from '@/server/failure'
import type { Stores } from '@/server/services/context'
import { deleteEntry, readEntry, writeEntry } from './entry-stores'
import { DUEL_MOST_SECONDS } from './kv.schema'

const KEYS = 200
const REPORT_EVERY_MS = 200
/** What a killed worker leaves behind goes by itself. */
const LEFT_FOR_MS = 2 * 60_000

/** Fights the duel that waits, if there is one. */
export async function runDuels(stores: Stores): Promise<void> {
  await endSilentDuels(stores.db)
  const duel = await claimDuel(stores.db)
  if (!duel) return
  try {
    await fight(stores, duel)
  } catch (error) {
    const known = expected(error)
    await endDuel(stores.db, duel.id, { state: 'failed', problem: known?.message ?? 'It failed; the log says why.' })
    if (!known) throw error
  }
}

/** Redis first, then the table: never both at once, so that neither waits for the other. */
async function fight(stores: Stores, duel: KvDuel): Promise<void> {
  const sides: DuelSide[] = []
  for (const store of ['redis', duel.against] as const) {
    const side = await load(stores, store, duel, sides)
    if (!side) return
    sides.push(side)
    await reportDuel(stores.db, duel.id, { done: sides.length * duel.operations, sides })
  }
  await endDuel(stores.db, duel.id, { state: 'done' })
}

/** One side: `clients` ask one after the other until all operations are done or the time is over. Null once stopped. */
async function load(stores: Stores, store: KvStore, duel: KvDuel, before: DuelSide[]): Promise<DuelSide | null> {
  const { operations, clients, valueBytes, readShare } = duel
  const keyOf = (n: number) => ({ namespace: `engram-duel-${duel.id}`, tenant: '', key: `k-${n}` })
  const value = JSON.stringify(randomBytes(valueBytes).toString('hex').slice(0, valueBytes))
  const write = (n: number) => writeEntry(stores, store, keyOf(n), { value, expiresAt: Date.now() + LEFT_FOR_MS })
  const read = (n: number) => readEntry(stores, store, keyOf(n))
  for (let n = 0; n < KEYS; n++) await write(n)

  const taken: number[] = []
  let begun = 0
  let stopped = false
  const started = performance.now()
  const ends = started + DUEL_MOST_SECONDS * 1000
  const client = async () => {
    while (!stopped && begun < operations && performance.now() < ends) {
      const key = begun % KEYS
      // The reads are spread evenly, and the same on both sides.
      const isRead = Math.floor((begun + 1) * readShare) > Math.floor(begun * readShare)
      begun++
      const from = performance.now()
      await (isRead ? read(key) : write(key))
      taken.push(performance.now() - from)
    }
  }
  const report = async () => {
    const done = before.length * operations + taken.length
    if (!(await reportDuel(stores.db, duel.id, { done, sides: before }))) stopped = true
  }
  const failures: unknown[] = []
  const timer = setInterval(() => void report().catch((error: unknown) => failures.push(error)), REPORT_EVERY_MS)
  try {
    await Promise.all(Array.from({ length: clients }, client))
  } finally {
    clearInterval(timer)
    for (let n = 0; n < KEYS; n++) await deleteEntry(stores, store, keyOf(n))
  }
  if (failures.length > 0) throw failures[0]
  if (stopped) return null
  return sideOf(store, taken, (performance.now() - started) / 1000)
}

/** Percentiles by nearest rank. */
export function sideOf(store: KvStore, taken: number[], seconds: number): DuelSide {
  const sorted = taken.toSorted((a, b) => a - b)
  const rank = (share: number) => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0)
  return {
    store,
    operations: taken.length,
    seconds: round(seconds),
    perSecond: Math.round(taken.length / seconds),
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000

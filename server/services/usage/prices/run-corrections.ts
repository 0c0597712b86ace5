import { patiently } from '@/db/postgres/deadline'
import { insertAudit } from '@/db/postgres/queries/audit'
import {
  applyCosts,
  callsToPrice,
  type Correction,
  type CorrectionScope,
  differencesOf,
  holdTenant,
  nextCorrection,
  nextTenant,
  noteCosts,
  takeSlice,
} from '@/db/postgres/queries/price-corrections'
import { type Stores, system } from '@/server/services/context'
import { newCosts } from './new-costs'

const SLICE = 2_000
const SLICE_PATIENCE_MS = 60_000
/** Bounded, so that the worker can end in between; the next run goes on. */
const RUN_MS = 5_000

/** Carries previews and corrections on, slice by slice; returns how many slices were done. Safe in several workers. */
export async function runCorrections(
  stores: Pick<Stores, 'db'>,
  { sliceSize = SLICE, runMs = RUN_MS } = {},
): Promise<number> {
  const until = performance.now() + runMs
  let slices = 0
  while (performance.now() < until) {
    const correction = await nextCorrection(stores.db)
    if (!correction || !(await patiently(SLICE_PATIENCE_MS, () => runSlice(stores, correction, sliceSize)))) break
    slices++
  }
  return slices
}

/**
 * One slice in one transaction: the calls' costs, what they were, the rollups' difference and the progress. Killed before
 * its commit it leaves nothing, after it nobody does it again: `takeSlice` counts. False when another worker was faster.
 */
async function runSlice({ db }: Pick<Stores, 'db'>, correction: Correction, sliceSize: number): Promise<boolean> {
  const calls = await nextCalls(db, correction, sliceSize)
  const last = calls.at(-1)
  const changed = await newCosts(db, correction.bookRevision, calls)
  const applying = correction.state === 'applying'
  const done = last ? null : applying ? 'applied' : 'previewed'
  return db.transaction(async (tx) => {
    const cursor = last ? { tenant: last.tenant, at: last.occurred_at, id: last.event_id } : null
    if (!(await takeSlice(tx, correction, { cursor, scanned: calls.length, done }))) return false
    if (last && changed.length > 0 && (await holdTenant(tx, last.tenant))) {
      const slice = { correctionId: correction.id, slice: correction.slices, tenant: last.tenant, rows: changed }
      await (applying ? applyCosts(tx, slice) : noteCosts(tx, slice))
    }
    if (done === 'applied') await insertAudit(tx, { actor: system, ...(await finishedNote(tx, correction)) })
    return true
  })
}

type Reader = Parameters<typeof differencesOf>[0]

async function finishedNote(tx: Reader, { id, reason }: Correction) {
  const { total } = await differencesOf(tx, id, true, 1)
  return { action: 'prices.correction-applied', target: id, before: { costUsd: total.before }, after: total, reason }
}

/** The calls after the last slice, all of one tenant; empty at the end. */
async function nextCalls(db: Stores['db'], correction: Correction, limit: number) {
  const { fromAt: from, toAt: to, tenants, models, cursorTenant, cursorAtText, cursorId } = correction
  const scope: CorrectionScope = { from, to, tenants, models }
  if (cursorTenant !== null) {
    const rest = await callsToPrice(db, scope, { tenant: cursorTenant, at: cursorAtText, id: cursorId ?? '' }, limit)
    if (rest.length > 0) return rest
  }
  for (let tenant = await nextTenant(db, scope, cursorTenant); tenant; tenant = await nextTenant(db, scope, tenant)) {
    const first = await callsToPrice(db, scope, { tenant, at: null, id: '' }, limit)
    if (first.length > 0) return first
  }
  return []
}

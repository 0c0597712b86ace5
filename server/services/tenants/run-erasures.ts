import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from '@/db/postgres/deadline'
import { claimErasure, endErasure, type Erasure, noteErasure, selectErasure } from '@/db/postgres/queries/erasures'
import { reattachPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import { logError } from '@/server/log'
import type { Stores } from '@/server/services/context'
import { NotOurs, workOnErasure } from './erasure-work'
import type { ErasureReceipt } from './tenants.schema'

/** An erasure may delete millions of rows; the deadline of ordinary traffic is not for it. */
const PATIENCE_MS = 10 * 60_000
const BEAT_MS = 1_000

/** Does the erasures that wait or whose process was killed, and says how many. Safe in several workers. */
export async function runErasures(stores: Stores, only?: string): Promise<number> {
  for (let done = 0; ; done++) {
    const runner = randomUUID()
    const erasure = await claimErasure(stores.db, runner, only)
    if (!erasure) return done
    await runErasure(stores, erasure, runner).catch((error: unknown) => {
      // What an operator can do about it stands in the row; the rest is for the log.
      if (!(error instanceof AppError)) logError('an erasure failed', error, { erasure: erasure.id })
    })
    if (only !== undefined) return 1
  }
}

/** Does one that was claimed. @throws what went wrong, after the row says so. */
export async function runErasure(stores: Stores, erasure: Erasure, runner: string): Promise<ErasureReceipt> {
  const own = { id: erasure.id, runner }
  const ended = new AbortController()
  const beating = beat(stores, own, ended.signal)
  const caller = { ...stores, actor: { ...erasure.actor, role: 'operator' as const } }
  try {
    const receipt = await patiently(PATIENCE_MS, () => workOnErasure(caller, erasure, own))
    await endErasure(stores.db, own, { state: 'done', receipt, verified: receipt.verified })
    return receipt
  } catch (error) {
    if (!(error instanceof NotOurs)) await giveUp(stores, own, error)
    throw error instanceof NotOurs
      ? new AppError('conflict', 'Another process goes on with this erasure; ask again.', { cause: error })
      : error
  } finally {
    ended.abort()
    await beating
  }
}

/**
 * What failed before Postgres was changed is given up, and the tenant is as it was but for its caches; what failed after it
 * waits to be finished. Where this cannot be written either, the silence will say it.
 */
async function giveUp({ db }: Stores, own: { id: string; runner: string }, error: unknown): Promise<void> {
  const row = await selectErasure(db, own.id).catch(() => null)
  if (!row) return
  const why = error instanceof AppError ? error.message : 'It came to an unexpected end; the log says more.'
  if (row.postgres === null) await reattachPartition(db, row.slug).catch(() => {}) // else the worker does it
  await endErasure(db, own, row.postgres ? { state: 'queued' } : { state: 'failed', error: why }).catch(() => {})
}

/** Says every second that somebody is at it. */
async function beat({ db }: Stores, own: { id: string; runner: string }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {})
    if (!signal.aborted) await noteErasure(db, own).catch(() => false)
  }
}

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimErasure, liveErasure, selectErasure } from '@/db/postgres/queries/erasures'
import { selectTenant } from '@/db/postgres/queries/tenants'
import { AppError } from '@/server/errors'
import { requireRole } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { askErasure } from './ask-erasure'
import { runErasure } from './run-erasures'
import { EraseTenant, type ErasureReceipt } from './tenants.schema'

const LOOK_MS = 100
const LONGEST_MS = 20 * 60_000

/**
 * Erases a tenant from both memories and returns the signed receipt, which Engram keeps. All that was acknowledged before is
 * gone. Applications that go on writing meanwhile bring the tenant back with what is new, registered anew (see
 * `ensureTenants`). While somebody erases it already this waits, goes on where that one was killed, and answers its receipt.
 * @throws AppError `not_found` for a tenant that was never registered or is erased already.
 */
export async function eraseTenant(caller: Caller, input: EraseTenant): Promise<ErasureReceipt> {
  const { slug, usage } = EraseTenant.parse(input)
  requireRole(caller.actor, 'tenants.erase')
  const underWay = await liveErasure(caller.db, slug)
  if (underWay) {
    if (underWay.usage !== usage)
      throw new AppError('conflict', `${slug} is being erased already, with usage: ${underWay.usage}.`, {
        field: 'usage',
      })
    const receipt = await waitFor(caller, underWay.id)
    // It may be back with what was acknowledged before this call.
    if (receipt && !(await selectTenant(caller.db, slug))) return receipt
  }
  const runner = randomUUID()
  return runErasure(caller, await askErasure(caller, input, runner), runner)
}

/** The receipt of an erasure under way, done here once nobody else is at it; null where it failed. */
async function waitFor(caller: Caller, id: string): Promise<ErasureReceipt | null> {
  const started = performance.now()
  while (performance.now() - started < LONGEST_MS) {
    const runner = randomUUID()
    const mine = await claimErasure(caller.db, runner, id)
    if (mine) return runErasure(caller, mine, runner)
    const row = await selectErasure(caller.db, id)
    if (row?.state === 'done') return row.receipt as ErasureReceipt
    if (row?.state === 'failed') return null
    await sleep(LOOK_MS)
  }
  throw new AppError('unavailable', 'The erasure takes long; ask again for its receipt.')
}

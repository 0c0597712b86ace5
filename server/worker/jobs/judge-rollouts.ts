import { claimDueGuards } from '@/db/postgres/queries/guarded-rollouts'
import { AppError } from '@/server/errors'
import { type Stores, system } from '@/server/services/context'
import { lookAtGuard } from '@/server/services/prompts/look-at-guard'

const GUARDS_PER_RUN = 20

/** Looks at the guarded rollouts that are due. What fails is tried at the next look; the first failure is reported. */
export async function judgeRollouts(stores: Stores, now = new Date()): Promise<number> {
  const due = await claimDueGuards(stores.db, { now, limit: GUARDS_PER_RUN })
  const failures: unknown[] = []
  for (const guard of due) {
    try {
      await lookAtGuard({ ...stores, actor: system }, guard, now)
    } catch (error) {
      // Somebody acted at the same moment; the next look finds what they did.
      if (!(error instanceof AppError && error.code === 'conflict')) failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return due.length
}

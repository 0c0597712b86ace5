import type { Transaction } from '@/db/postgres/client'
import { becomeTenant } from '@/db/postgres/queries/vectors-items'
import { insertMemoryNote } from '@/db/postgres/queries/vectors-notes'
import { beginWrite, endWrite } from '@/db/redis/vectors'
import type { Stores } from '@/server/services/context'
import { redisInTime } from '@/server/services/redis-in-time'

const FENCE_MS = 100

/**
 * Changes a tenant's memory in one transaction that sees no other tenant (R11). Kept answers are void before it is
 * committed and none is kept until it is acknowledged (R4). Where Redis does not hear of it, the transaction leaves a note
 * that the worker passes on; where the outcome is not known, nothing is kept until the writer must be dead.
 */
export async function changeMemory<T>(
  { db, redis }: Stores,
  tenant: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const writer = await redisInTime(FENCE_MS, redis, () => beginWrite(redis, tenant))
  const result = await db.transaction(async (tx) => {
    if (writer === null) await insertMemoryNote(tx, tenant)
    await becomeTenant(tx, tenant)
    return work(tx)
  })
  if (writer !== null) await redisInTime(FENCE_MS, redis, () => endWrite(redis, tenant, writer))
  return result
}

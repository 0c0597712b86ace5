import { insertPolicyChange, lockPolicy, updatePolicy } from '@/db/postgres/queries/limits'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { DeletePolicy } from './limits.schema'
import { tellOfLimits } from './tell-of-limits'

/** Applications that ask for it get `not_found` from then on; what it counted stays. */
export async function deletePolicy(caller: Caller, { name, tenant }: DeletePolicy): Promise<{ id: string }> {
  const deleted = await change(caller, 'limits.delete', async (tx) => {
    const known = await lockPolicy(tx, name, tenant)
    if (!known) throw new AppError('not_found', `There is no limit ${name}.`, { field: 'policy' })
    const { id, kind, points, windowSeconds, refillPoints } = known
    await updatePolicy(tx, id, { deletedAt: new Date() })
    const said = { kind, points, windowSeconds, refillPoints }
    await insertPolicyChange(tx, { policyId: id, change: 'deleted', ...said, by: caller.actor.name })
    return { result: { id }, audit: { target: name, before: { id, tenant, ...said } } }
  })
  await tellOfLimits(caller)
  return deleted
}

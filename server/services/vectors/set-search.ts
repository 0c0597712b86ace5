import { lockPartition, updatePartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { forgetPartition } from './partitions'
import type { SetSearch } from './vectors.schema'

type InForce = { efSearch: number; probes: number | null; recallTarget: number }

/** Sets how wide a tenant's searches look, and the recall that is wanted of them; in force within a second. */
export async function setSearch(caller: Caller, { tenant, ...set }: SetSearch): Promise<InForce> {
  const result = await change(caller, 'vectors.set-search', async (tx) => {
    const partition = await lockPartition(tx, tenant)
    if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
    const { efSearch, probes, recallTarget } = partition
    const before = { efSearch, probes, recallTarget }
    const after = { ...before, ...set }
    await updatePartition(tx, tenant, after)
    return { result: after, audit: { target: tenant, before, after } }
  })
  forgetPartition(caller, tenant)
  return result
}

import { insertTenant, selectTenant, type Tenant } from '@/db/postgres/queries/tenants'
import { addPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { CreateTenantInput } from './tenants.schema'

/** Ends the transaction without an audit row: nothing was changed. */
class AlreadyThere extends Error {}

/** Registers a tenant; one that is there already stays as it is. `simulated` is for the demo's own key. */
export async function createTenant(
  caller: Caller,
  { slug, name = slug, simulated = false }: CreateTenantInput & { simulated?: boolean },
): Promise<{ created: boolean; tenant: Tenant }> {
  try {
    const tenant = await change(caller, 'tenants.create', async (tx) => {
      const tenant = await insertTenant(tx, { slug, name, simulated })
      if (!tenant) throw new AlreadyThere()
      await addPartition(tx, slug)
      return { result: tenant, audit: { target: slug, after: { name } } }
    })
    return { created: true, tenant }
  } catch (error) {
    if (!(error instanceof AlreadyThere)) throw error
    const tenant = await selectTenant(caller.db, slug)
    if (!tenant) throw new AppError('conflict', 'This tenant is being erased right now; try again.', { field: 'slug' })
    return { created: false, tenant }
  }
}

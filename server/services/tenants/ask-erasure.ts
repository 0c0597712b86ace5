import { type Erasure, insertErasure } from '@/db/postgres/queries/erasures'
import { selectTenant } from '@/db/postgres/queries/tenants'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { EraseTenant } from './tenants.schema'

/**
 * Queues an erasure, which the worker begins within a second, or makes it `runner`'s own. @throws AppError `not_found` for a tenant that was never
 * registered or is erased already, `conflict` while it is being erased.
 */
export async function askErasure(caller: Caller, input: EraseTenant, runner?: string): Promise<Erasure> {
  const { slug, usage, reason = null } = EraseTenant.parse(input)
  return change(caller, 'tenants.ask-erasure', async (tx) => {
    const tenant = await selectTenant(tx, slug)
    if (!tenant) throw new AppError('not_found', `There is no tenant ${slug}.`, { field: 'slug' })
    const { kind, id, name } = caller.actor
    const asked = { slug, name: tenant.name, usage, reason, actor: { kind, id, name } }
    const erasure = await insertErasure(tx, asked, runner)
    if (!erasure) throw new AppError('conflict', `${slug} is being erased already.`, { field: 'slug' })
    return { result: erasure, audit: { target: slug, after: { erasure: erasure.id, usage }, reason } }
  })
}

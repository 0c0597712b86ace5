import { patiently } from '@/db/postgres/deadline'
import { countRowsOfTenant, selectTenant } from '@/db/postgres/queries/tenants'
import { countItems } from '@/db/postgres/queries/vectors-items'
import { countInRedis } from '@/db/redis/count-tenant'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import type { TenantCounts } from './tenants.schema'

/** Counting reads every row that names the tenant. */
const PATIENCE_MS = 60_000

/** What both memories hold of a tenant, by family. */
export async function countBoth({ db, redis }: Stores, slug: string) {
  const inRedis = await redisTruth(redis, () => countInRedis(redis, slug))
  return { redis: inRedis, postgres: await countRowsOfTenant(db, slug, await countItems(db, slug)) }
}

/** The dry run of an erasure: counts everything, changes nothing. @throws AppError `not_found` for an unknown tenant. */
export async function countTenant(stores: Stores, { slug }: { slug: string }): Promise<TenantCounts> {
  if (!(await selectTenant(stores.db, slug)))
    throw new AppError('not_found', `There is no tenant ${slug}.`, { field: 'slug' })
  const counts = await patiently(PATIENCE_MS, () => countBoth(stores, slug))
  return { tenant: slug, countedAt: new Date().toISOString(), ...counts }
}

import type { Transaction } from '@/db/postgres/client'
import { cancelJobsOfTenant } from '@/db/postgres/queries/jobs'
import { type Erasure, noteErasure, selectErasure } from '@/db/postgres/queries/erasures'
import { deleteRowsOfTenant, isOvertaken, keptTables, lockTenant, seeOneMoment } from '@/db/postgres/queries/tenants'
import { detachPartition } from '@/db/postgres/queries/vectors-partitions'
import { forgetAllFlags } from '@/db/redis/flags'
import { publishInvalidation } from '@/db/redis/invalidations'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { countBoth } from './count-tenant'
import { forgetTenant } from './ensure-tenants'
import { signReceipt } from './sign-receipt'
import { isEmpty, noKeys, type RedisKeys, sweepRedis } from './sweep-redis'
import type { ErasureReceipt } from './tenants.schema'

const ATTEMPTS = 20
const PAUSE_MS = 50

type Rows = ErasureReceipt['postgres']
type Found = ErasureReceipt['found']
export type Own = { id: string; runner: string }

/** Another process goes on with it: this one took too long to say that it lives. */
export class NotOurs extends Error {}

/**
 * Does an erasure from where it is to its signed receipt. Redis goes first: should it not answer, nothing has been changed
 * in Postgres. Every step can be done again, and what it took is noted in the erasure's row, in the transaction of the step
 * where there is one: whoever goes on after a kill says it in the receipt.
 */
export async function workOnErasure(caller: Caller, erasure: Erasure, own: Own): Promise<ErasureReceipt> {
  const { slug } = erasure
  const note = async (progress: Parameters<typeof noteErasure>[2]) => {
    if (!(await noteErasure(caller.db, own, progress))) throw new NotOurs()
  }
  let removed = { ...noKeys, ...(erasure.redis as RedisKeys | null) }
  const onErased = (redis: RedisKeys) => note({ redis })
  let found = erasure.found as Found | null
  if (erasure.postgres === null) {
    if (!found) {
      await note({ phase: 'counting' })
      found = await countBoth(caller, slug)
    }
    await note({ phase: 'redis', found })
    ;({ removed } = await sweepRedis(caller, { slug, before: removed, onErased }))
    await note({ phase: 'partition' })
    await cancelJobsOfTenant(caller.db, slug) // an index being built would hold its partition
    // Apart from the transaction, because it must not lock the searches of others out.
    await detachPartition(caller.db, slug)
    await note({ phase: 'postgres' })
    // What processes have counted for it and not written yet was acknowledged before: they drop it rather than bring it back.
    await tellProcesses(caller, slug)
    await eraseFromPostgres(caller, erasure, own)
  }
  forgetTenant(caller, slug)
  // What held for it in flags; the processes' own copies go with the message that follows.
  await redisTruth(caller.redis, () => forgetAllFlags(caller.redis))
  await tellProcesses(caller, slug)
  // What was cached for a tenant that was about to vanish would belong to nobody: look once more, now that it has.
  await sweepRedis(caller, { slug, before: removed, onErased })
  return receiptOf(caller, own.id)
}

const tellProcesses = ({ redis }: Caller, slug: string) =>
  redisTruth(redis, () => publishInvalidation(redis, { family: 'tenants', slug }))

/** One transaction: all rows, the audit and the note of what went. A job that is faster makes it begin anew. */
async function eraseFromPostgres(caller: Caller, { slug, usage }: Erasure, own: Own): Promise<void> {
  const erase = async (tx: Transaction) => {
    await seeOneMoment(tx)
    // Holds the row until the end: nobody claims what is locked, however long this takes, and a kill lets go of it.
    if (!(await noteErasure(tx, own))) throw new NotOurs()
    const tenant = await lockTenant(tx, slug)
    if (!tenant) throw new AppError('not_found', `There is no tenant ${slug}.`, { field: 'slug' })
    const { deleted, kept } = await deleteRowsOfTenant(tx, slug, usage)
    await noteErasure(tx, own, { phase: 'verifying', postgres: deleted, kept })
    const after = { erasure: own.id, usage, postgres: deleted, kept }
    return { result: undefined, audit: { target: slug, before: { name: tenant.name }, after } }
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await change(caller, 'tenants.erase', erase)
    } catch (error) {
      if (!isOvertaken(error) || attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
    }
  }
}

async function receiptOf(caller: Caller, id: string): Promise<ErasureReceipt> {
  const counted = await countBoth(caller, (await erased(caller, id)).slug)
  // The registration went with the transaction: one that is there now is anew, and may have an empty partition. All else is counted.
  const anew = counted.postgres.tenants ? { tenants: 0, memoryPartitions: 0, memorySamples: 0 } : {}
  const remaining = { ...counted, postgres: { ...counted.postgres, ...anew } }
  const row = await erased(caller, id)
  const left = { ...remaining.postgres }
  if (row.usage === 'keep') for (const table of keptTables('keep')) left[table] = 0
  return signReceipt(caller, {
    id,
    tenant: row.slug,
    requestedBy: row.actor.name,
    requestedAt: row.requestedAt.toISOString(),
    erasedAt: new Date().toISOString(),
    attempts: row.attempts,
    usage: row.usage,
    found: row.found as Found,
    redis: { ...noKeys, ...(row.redis as RedisKeys | null) },
    postgres: row.postgres as Rows,
    kept: row.kept as ErasureReceipt['kept'],
    verified: isEmpty(remaining.redis) && isEmpty(left),
    remaining,
  })
}

async function erased({ db }: Pick<Caller, 'db'>, id: string): Promise<Erasure> {
  const row = await selectErasure(db, id)
  if (!row) throw new NotOurs()
  return row
}

import type { Transaction } from '@/db/postgres/client'
import { patiently } from '@/db/postgres/deadline'
import {
  countRowsOfTenant,
  deleteRowsOfTenant,
  isOvertaken,
  lockTenant,
  seeOneMoment,
  selectTenant,
} from '@/db/postgres/queries/tenants'
import { eraseAnswersOfTenant } from '@/db/redis/cache'
import { publishInvalidation } from '@/db/redis/invalidations'
import { eraseDigestsOfTenant } from '@/db/redis/prompt-answers'
import { eraseSessionsOfTenant } from '@/db/redis/sessions'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { redisTruth } from '@/server/services/redis-truth'
import { forgetTenant } from './ensure-tenants'
import type { ErasureReceipt } from './tenants.schema'

/** An erasure may delete millions of rows; the deadline of ordinary traffic is not for it. */
const PATIENCE_MS = 10 * 60_000
const SWEEPS = 5
const ATTEMPTS = 20
const PAUSE_MS = 50

type RedisKeys = ErasureReceipt['redis']

/**
 * Erases a tenant from both memories and returns the receipt, which the audit row keeps. All that was acknowledged
 * before is gone. Applications that go on writing meanwhile bring the tenant back with what is new, registered anew
 * (see `ensureTenants`). Redis goes first: should it not answer, nothing has been changed in Postgres.
 * @throws AppError `not_found` for a tenant that was never registered or is erased already.
 */
export async function eraseTenant(caller: Caller, { slug }: { slug: string }): Promise<ErasureReceipt> {
  const unknown = () => new AppError('not_found', `There is no tenant ${slug}.`, { field: 'slug' })
  if (!(await selectTenant(caller.db, slug))) throw unknown()

  return patiently(PATIENCE_MS, async () => {
    const { removed, remaining } = await eraseFromRedis(caller, slug)
    const erase = async (tx: Transaction) => {
      await seeOneMoment(tx)
      const tenant = await lockTenant(tx, slug)
      if (!tenant) throw unknown()
      const postgres = await deleteRowsOfTenant(tx, slug)
      const rest = { redis: remaining, postgres: await countRowsOfTenant(tx, slug) }
      const receipt = receiptOf(slug, removed, postgres, rest)
      return { result: receipt, audit: { target: slug, before: { name: tenant.name }, after: receipt } }
    }
    const receipt = await untilNotOvertaken(() => change(caller, 'tenants.erase', erase))
    forgetTenant(caller, slug)
    await publishInvalidation(caller.redis, { family: 'tenants', slug })
    // What was cached for a tenant that was about to vanish would belong to nobody: look once more, now that it has.
    const late = await eraseFromRedis(caller, slug)
    const rest = { redis: late.remaining, postgres: await countRowsOfTenant(caller.db, slug) }
    return receiptOf(slug, sum(removed, late.removed), receipt.postgres, rest)
  })
}

/** A job of the worker that changes what is being erased makes the erasure begin anew. */
async function untilNotOvertaken<T>(erase: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await erase()
    } catch (error) {
      if (!isOvertaken(error) || attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
    }
  }
}

/** Sweeps until a sweep finds nothing, which is the proof; gives up where an application writes as fast as we erase. */
async function eraseFromRedis({ redis }: Pick<Stores, 'redis'>, slug: string) {
  let removed: RedisKeys = { answers: 0, answerDigests: 0, sessions: 0 }
  for (let sweep = 1; ; sweep++) {
    const found = await redisTruth(redis, async () => ({
      answers: await eraseAnswersOfTenant(redis, slug),
      answerDigests: await eraseDigestsOfTenant(redis, slug),
      sessions: await eraseSessionsOfTenant(redis, slug),
    }))
    removed = sum(removed, found)
    if (isEmpty(found) || sweep === SWEEPS) return { removed, remaining: found }
  }
}

const sum = (a: RedisKeys, b: RedisKeys): RedisKeys => ({
  answers: a.answers + b.answers,
  answerDigests: a.answerDigests + b.answerDigests,
  sessions: a.sessions + b.sessions,
})
const isEmpty = (counts: Record<string, number>) => Object.values(counts).every((count) => count === 0)

function receiptOf(
  tenant: string,
  redis: RedisKeys,
  postgres: ErasureReceipt['postgres'],
  remaining: ErasureReceipt['remaining'],
): ErasureReceipt {
  const verified = isEmpty(remaining.redis) && isEmpty(remaining.postgres)
  return { tenant, erasedAt: new Date().toISOString(), redis, postgres, verified, remaining }
}

import {
  countPolicies,
  insertPolicy,
  insertPolicyChange,
  type LimitPolicy,
  lockPolicy,
  MOST_POLICIES,
  updatePolicy,
} from '@/db/postgres/queries/limits'
import type { Transaction } from '@/db/postgres/client'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { requireTenantRow } from '@/server/services/usage/prices/add-override'
import type { SetPolicy } from './limits.schema'
import { tellOfLimits } from './tell-of-limits'

/** Ends the transaction without an audit row: nothing was changed. */
class AlreadySo extends Error {
  constructor(readonly policy: LimitPolicy) {
    super()
  }
}

/**
 * Sets a limit, or changes the one of that name and tenant. Counters go on when only the points change; another kind or
 * window begins anew.
 * @throws AppError `bad_request` for a tenant that there is none of, `conflict` for one that `create` finds, or too many.
 */
export async function setPolicy(
  caller: Caller,
  { create, name, tenant, ...terms }: SetPolicy,
): Promise<{ id: string; created: boolean }> {
  try {
    const set = await change(caller, 'limits.set', async (tx) => {
      if (tenant !== null) await requireTenantRow(tx, tenant)
      const known = await lockPolicy(tx, name, tenant)
      if (known && create) throw taken(name)
      if (known && isSame(known, terms)) throw new AlreadySo(known)
      const id = known ? known.id : await insert(tx, { ...terms, name, tenant, createdBy: caller.actor.name })
      if (known) await updatePolicy(tx, id, terms)
      const { subject: _, ...said } = terms
      await insertPolicyChange(tx, {
        policyId: id,
        change: known ? 'changed' : 'created',
        ...said,
        by: caller.actor.name,
      })
      const before = known && shown(known)
      return { result: { id, created: !known }, audit: { target: name, before, after: { id, tenant, ...terms } } }
    })
    await tellOfLimits(caller)
    return set
  } catch (error) {
    if (error instanceof AlreadySo) return { id: error.policy.id, created: false }
    throw error
  }
}

const taken = (name: string) =>
  new AppError('conflict', `There is a limit ${name} for the same tenants already: change that one.`, { field: 'name' })

async function insert(tx: Transaction, policy: Parameters<typeof insertPolicy>[1]): Promise<string> {
  if ((await countPolicies(tx)) >= MOST_POLICIES)
    throw new AppError('conflict', `There are ${MOST_POLICIES} limits already: delete some first.`)
  const inserted = await insertPolicy(tx, policy)
  if (!inserted) throw taken(policy.name)
  return inserted.id
}

type Terms = Pick<LimitPolicy, 'kind' | 'points' | 'windowSeconds' | 'refillPoints' | 'subject'>
const shown = ({ kind, points, windowSeconds, refillPoints, subject }: Terms): Terms => ({
  ...{ kind, points, windowSeconds, refillPoints, subject },
})
const isSame = (known: Terms, terms: Terms) => JSON.stringify(shown(known)) === JSON.stringify(shown(terms))

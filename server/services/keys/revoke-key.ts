import { markKeyRevoked } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { KeyId } from './keys.schema'

/** Ends a key for good; gateways refuse it within `revocationSeconds`. Revoking it again changes nothing: 409. */
export async function revokeKey(caller: Caller, { id }: KeyId) {
  return change(caller, 'keys.revoke', async (tx) => {
    const revoked = await markKeyRevoked(tx, id)
    if (!revoked) throw new AppError('conflict', 'There is no such key, or it is revoked already.', { field: 'id' })
    const { revokedAt, ...before } = revoked
    return { result: { id, revokedAt }, audit: { target: id, before, after: { revokedAt } } }
  })
}

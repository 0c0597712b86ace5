import { selectFirstCall } from '@/db/postgres/queries/keys'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import type { KeyId } from './keys.schema'

/** The first data call that came with a key; `firstCall` is null while none has come. */
export async function firstCallOfKey({ db }: Pick<Stores, 'db'>, { id }: KeyId) {
  const key = await selectFirstCall(db, id)
  if (!key) throw new AppError('not_found', 'There is no such key.', { field: 'id' })
  const { name, at, call, revokedAt } = key
  return { name, revoked: revokedAt !== null, firstCall: at && call ? { ...call, at: at.toISOString() } : null }
}

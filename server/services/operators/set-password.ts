import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { selectPasswordHash, upsertPasswordHash } from '@/db/postgres/queries/operators'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { SetPassword } from './operators.schema'

/** Sets the caller's own password; whoever has one already proves to know it. */
export async function setPassword(caller: Caller, { current, password }: SetPassword) {
  const id = caller.actor.id
  const known = await selectPasswordHash(caller.db, id)
  if (known && !(current && (await verifyPassword({ hash: known, password: current }))))
    throw new AppError('bad_request', 'This is not your password.', { field: 'current' })
  const hash = await hashPassword(password)
  return change(caller, 'operators.set-password', async (tx) => {
    await upsertPasswordHash(tx, id, hash)
    return { result: { changed: true }, audit: { target: id, after: { password: known ? 'changed' : 'set' } } }
  })
}

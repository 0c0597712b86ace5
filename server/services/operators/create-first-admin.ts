import { randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import {
  insertOperator,
  selectOperatorByEmail,
  updateOperator,
  upsertPasswordHash,
} from '@/db/postgres/queries/operators'
import { change } from '@/server/services/change'
import { type Stores, system } from '@/server/services/context'
import type { InviteOperator } from './operators.schema'

type Input = Omit<InviteOperator, 'role'> & { password?: string }

/**
 * Makes sure that this address is an admin who can sign in, with this password if one is given. For whoever holds the
 * database's password: the demo, and production's first start. Running it again is safe.
 */
export async function createFirstAdmin(stores: Stores, { email, name, password }: Input) {
  const hash = password === undefined ? null : await hashPassword(password)
  return change({ ...stores, actor: system }, 'operators.invite', async (tx) => {
    const created = await insertOperator(tx, { id: randomUUID(), email, name, role: 'admin' })
    const id = created ?? (await selectOperatorByEmail(tx, email))?.id
    if (!id) throw new Error(`operators neither took nor has ${email}`)
    if (!created) await updateOperator(tx, id, { role: 'admin', disabledAt: null })
    if (hash) await upsertPasswordHash(tx, id, hash)
    return { result: { id, created: created !== null }, audit: { target: id, after: { email, name, role: 'admin' } } }
  })
}

import { changeNamespace, type KvNamespace, lockNamespace } from '@/db/postgres/queries/kv-namespaces'
import type { Transaction } from '@/db/postgres/client'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import type { MoveNamespace, NamespaceName } from './kv.schema'
import { mayCancel } from './phases'

async function requireNamespace(tx: Transaction, name: string): Promise<KvNamespace> {
  const known = await lockNamespace(tx, name)
  if (!known) throw new AppError('not_found', `There is no namespace ${name}.`, { field: 'name' })
  return known
}

/** Begins to move a namespace; the worker does the rest (see phases.ts), while applications go on. */
export async function moveNamespace(caller: Caller, { name, to }: MoveNamespace): Promise<{ name: string }> {
  return change(caller, 'kv.move', async (tx) => {
    const known = await requireNamespace(tx, name)
    if (known.phase !== 'settled')
      throw new AppError('conflict', `${name} is being moved already: wait for its end, or cancel it.`, {
        field: 'name',
      })
    if (known.store === to) throw new AppError('conflict', `${name} lives there already.`, { field: 'to' })
    const fresh = { copied: 0, verified: 0, differed: 0, cursor: null, problem: null }
    await changeNamespace(tx, known, { phase: 'preparing', other: to, ...fresh })
    return { result: { name }, audit: { target: name, before: { store: known.store }, after: { store: to } } }
  })
}

/** Ends a move that has not switched yet: the namespace stays where it was. */
export async function cancelMove(caller: Caller, { name }: NamespaceName): Promise<{ name: string }> {
  return change(caller, 'kv.cancel-move', async (tx) => {
    const known = await requireNamespace(tx, name)
    if (!mayCancel(known))
      throw new AppError(
        'conflict',
        known.phase === 'settled'
          ? `${name} is not being moved.`
          : `${name} has switched already: move it back instead.`,
        { field: 'name' },
      )
    await changeNamespace(tx, known, { phase: 'cancelling', problem: null })
    return { result: { name }, audit: { target: name, before: { to: known.other }, after: { store: known.store } } }
  })
}

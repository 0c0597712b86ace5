import { insertKey } from '@/db/postgres/queries/keys'
import { change } from '@/server/services/change'
import type { Caller } from '@/server/services/context'
import { hashOfKey, newKeyText, prefixOfKey } from './key-text'
import type { CreateKey } from './keys.schema'

/** Makes a key and returns its text, the only time that it can be read. `simulated` is for the demo's own key. */
export async function createKey(caller: Caller, input: CreateKey & { simulated?: boolean }) {
  const { name, scope, tenants, simulated = false } = input
  const key = newKeyText(scope)
  const shown = { name, scope, tenants, prefix: prefixOfKey(key, scope) }
  const id = await change(caller, 'keys.create', async (tx) => {
    const id = await insertKey(tx, {
      ...shown,
      simulated,
      hash: hashOfKey(key),
      createdBy: caller.actor.name,
      createdById: caller.actor.id,
    })
    return { result: id, audit: { target: id, after: shown } }
  })
  return { id, key }
}

import { deleteItem as deleteRow } from '@/db/postgres/queries/vectors-items'
import type { Stores } from '@/server/services/context'
import type { ActivityCounter } from './activity-counter'
import { changeMemory } from './change-memory'

type Input = { tenant: string; id: string; simulated: boolean; activity?: ActivityCounter }

/** Forgets an item; `deleted` is false where there was none. */
export async function deleteItem(stores: Stores, { tenant, id, simulated, activity }: Input) {
  const deleted = await changeMemory(stores, tenant, (tx) => deleteRow(tx, { tenant, id }))
  if (deleted > 0) activity?.wrote(tenant, { added: 0, updated: 0, deleted, simulated })
  return { deleted: deleted > 0 }
}

import type { Allowed } from '@/db/redis/sessions'
import type { Stores } from '@/server/services/context'
import { inItsStore } from './in-its-store'
import { noSession } from './no-session'

/** Forgets a session with its turns. @throws AppError `not_found` */
export async function endSession(
  stores: Stores,
  { id, allowed }: { id: string; allowed: Allowed },
): Promise<{ deleted: true }> {
  if (!(await inItsStore(stores, id, (store) => store.delete(id, allowed)))) throw noSession()
  return { deleted: true }
}

import { selectWaiting } from '@/db/postgres/queries/approvals'
import type { Stores } from '@/server/services/context'

/** The changes of prompts that wait for a second person; null where none does. */
export async function waitingChanges({ db }: Pick<Stores, 'db'>) {
  const { count, oldest } = await selectWaiting(db)
  if (!oldest) return null
  const { name, channel, version, by, requestedAt } = oldest
  return { count, oldest: { name, channel, version, by, at: requestedAt.toISOString() } }
}

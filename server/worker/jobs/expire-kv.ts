import { deleteOldKvCounts } from '@/db/postgres/queries/kv-counts'
import { deleteExpiredKv } from '@/db/postgres/queries/kv-entries'
import type { Stores } from '@/server/services/context'

const COUNTS_DAYS = 14

/** Drops entries of tables that have expired (reads pass them over at once), and old counts; in steps. */
export async function expireKv({ db }: Pick<Stores, 'db'>, now = Date.now()): Promise<void> {
  const before = new Date(now - COUNTS_DAYS * 86_400_000)
  for (const table of ['unlogged', 'logged'] as const) while ((await deleteExpiredKv(db, table)) > 0);
  while ((await deleteOldKvCounts(db, before)) > 0);
}

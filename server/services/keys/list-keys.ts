import { selectKeys } from '@/db/postgres/queries/keys'
import type { Stores } from '@/server/services/context'

/** Every key that was ever made, newest first; never its text, which is not kept. */
export async function listKeys({ db }: Stores) {
  const { rows, more } = await selectKeys(db)
  return {
    more,
    keys: rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      firstEventAt: row.firstEventAt?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
    })),
  }
}

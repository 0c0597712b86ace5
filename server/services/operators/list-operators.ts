import { selectOperators } from '@/db/postgres/queries/operators'
import type { Stores } from '@/server/services/context'

/** Everybody who may, or once might, use the console, by name. `lastSignInAt` looks at sessions that still stand. */
export async function listOperators({ db }: Pick<Stores, 'db'>) {
  const rows = await selectOperators(db)
  return rows.map((row) => ({
    ...row,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    lastSignInAt: row.lastSignInAt ? new Date(row.lastSignInAt).toISOString() : null,
  }))
}

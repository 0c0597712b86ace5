import { type Erasure, selectErasure, selectErasures } from '@/db/postgres/queries/erasures'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { publicKeys } from './sign-receipt'
import type { ErasureReceipt } from './tenants.schema'

type Postgres = Pick<Stores, 'db'>

const shown = ({ requestedAt, startedAt, finishedAt, receipt, actor, ...erasure }: Erasure) => ({
  ...erasure,
  requestedBy: actor.name,
  requestedAt: requestedAt.toISOString(),
  startedAt: startedAt?.toISOString() ?? null,
  finishedAt: finishedAt?.toISOString() ?? null,
  receipt: receipt as ErasureReceipt | null,
})
export type ErasureOf = ReturnType<typeof shown>

/** Erasures of all tenants or of one, newest first, with the keys that their receipts can be checked with. */
export async function listErasures({ db }: Postgres, { tenant }: { tenant: string | null }) {
  const [{ rows, total }, keys] = await Promise.all([selectErasures(db, { slug: tenant }), publicKeys({ db })])
  return { asOf: new Date().toISOString(), total, keys, erasures: rows.map(shown) }
}
export type ErasuresReport = Awaited<ReturnType<typeof listErasures>>

/** Receipts of erasures that are done, newest first; `limit` at most. */
export async function listReceipts({ db }: Postgres, { tenant, limit }: { tenant: string | null; limit: number }) {
  const { rows } = await selectErasures(db, { slug: tenant, limit })
  return rows.flatMap(({ receipt }) => (receipt ? [receipt as ErasureReceipt] : []))
}

/** @throws AppError `not_found`; `conflict` while it is under way, or where it failed. */
export async function receiptOfErasure({ db }: Postgres, { id }: { id: string }): Promise<ErasureReceipt> {
  const row = await selectErasure(db, id)
  if (!row) throw new AppError('not_found', 'There is no such erasure.', { field: 'id' })
  if (!row.receipt)
    throw new AppError('conflict', row.error ?? 'This erasure is under way; its receipt comes with its end.', {
      field: 'id',
    })
  return row.receipt as ErasureReceipt
}

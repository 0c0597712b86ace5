import { canBeIndexed, kindIndexes, kindsOfItems, kindsOfSearches } from '@/db/postgres/queries/vectors-kinds'
import { selectSample } from '@/db/postgres/queries/vectors-list'
import { selectPartition } from '@/db/postgres/queries/vectors-partitions'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { predictedIndexBytes } from '@/server/services/vectors/index-size'
import { paysOwnIndex } from './judge-kinds'

const HOURS = 24
const HOUR_MS = 3_600_000
/** What one look may read, in rows. */
const SAMPLED_ROWS = 30_000

/** The kinds of a tenant's items, how selective each is, how often it is searched for, and the index that it has or that would pay. */
export async function kindsOfTenant({ db }: Pick<Stores, 'db'>, { tenant }: { tenant: string }) {
  const now = Date.now()
  const [partition, sample, asked] = await Promise.all([
    selectPartition(db, tenant),
    selectSample(db, tenant),
    kindsOfSearches(db, { tenant, since: new Date(now - HOURS * HOUR_MS) }),
  ])
  if (!partition) throw new AppError('not_found', `There is no memory of a tenant ${tenant}.`, { field: 'tenant' })
  const all = sample?.rows ?? 0
  const percent = all > SAMPLED_ROWS ? (100 * SAMPLED_ROWS) / all : 100
  const [items, indexes] = await Promise.all([
    kindsOfItems(db, { tenant, percent }),
    kindIndexes(db, partition.number, partition.activeColumn),
  ])
  const { dimensions, indexType: type, indexMethod: method, m, indexed } = partition
  const kinds = items.map(({ kind, n, of }) => {
    const searches = asked.kinds.find((one) => one.kind === kind)?.n ?? 0
    const rowShare = n / of
    // Of all pages they are counted; Postgres' own count of rows lags behind.
    const rows = percent === 100 ? n : Math.round(rowShare * all)
    const share = { kind, rows, rowShare, searches, searchShare: asked.searches > 0 ? searches / asked.searches : 0 }
    const index = indexes.find((one) => one.kind === kind) ?? null
    return {
      ...share,
      index: index && { bytes: index.bytes, valid: index.valid },
      predictedBytes: dimensions === null ? null : predictedIndexBytes({ rows, dimensions, type, method, m }),
      pays: index === null && indexed && canBeIndexed(kind) && paysOwnIndex(share, asked.searches),
    }
  })
  return { asOf: new Date(now).toISOString(), hours: HOURS, searches: asked.searches, exact: percent === 100, kinds }
}
export type KindsOfTenant = Awaited<ReturnType<typeof kindsOfTenant>>

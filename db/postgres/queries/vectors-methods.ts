import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { MemoryIndexType } from '@/db/postgres/schema/memory'

export type HnswTenant = {
  tenant: string
  rows: number
  dimensions: number
  indexType: MemoryIndexType
  m: number
  indexed: boolean
}

/** Tenants from so many rows on that have an HNSW index, or would get one, by the last look at them; the largest first. */
export async function hnswTenants(
  db: Db,
  { tenant, rows, limit }: { tenant: string | null; rows: number; limit: number },
): Promise<HnswTenant[]> {
  const found = await db.execute<HnswTenant>(sql`
    select s.tenant, s.rows::float8 as rows, p.dimensions, p.index_type as "indexType", p.m, s.index_state = 'valid' as indexed
    from memory_samples s join memory_partitions p using (tenant)
    where p.index_method = 'hnsw' and p.dimensions is not null and p.index_off_at is null and p.leaving_at is null
      and s.rows >= ${rows} and ${tenant === null ? sql`true` : sql`s.tenant = ${tenant}`}
      and not exists (select from jobs j where j.tenant = s.tenant and state in ('queued', 'running'))
    order by s.rows desc, s.tenant limit ${limit}`)
  return [...found]
}

import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/** When the width of a tenant's searches was set, ef_search or probes, and to what; oldest first, at most a hundred. */
export async function auditOf(db: Db, { tenant, since }: { tenant: string; since: Date }) {
  const rows = await db.execute<{ at: string; name: 'ef' | 'probes'; value: number }>(sql`
    select at, name, value::int as value from audit, lateral (values
      ('ef', before->>'efSearch', after->>'efSearch'), ('probes', before->>'probes', after->>'probes')) as set(name, was, value)
    where action = 'vectors.set-search' and target = ${tenant} and at >= ${since.toISOString()}::timestamptz
      and was is distinct from value and value is not null
    order by at, name limit 100`)
  return rows.map(({ at, ...set }) => ({ at: new Date(at).toISOString(), ...set }))
}

import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'

/** When the width of a tenant's searches was set, and to what; oldest first, at most a hundred. */
export async function auditOf(db: Db, { tenant, since }: { tenant: string; since: Date }) {
  const rows = await db.execute<{ at: string; ef_search: number }>(sql`
    select at, (after->>'efSearch')::int as ef_search from audit
    where action = 'vectors.set-search' and target = ${tenant} and at >= ${since.toISOString()}::timestamptz
      and before->>'efSearch' is distinct from after->>'efSearch'
    order by at limit 100`)
  return rows.map(({ at, ef_search }) => ({ at: new Date(at).toISOString(), efSearch: ef_search }))
}

import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import { arrayLiteral } from './array-literal'
import { grainOf, type UsageFilter, usageRows } from './usage-rows'

/** The dearest of a dimension in one bucket; `costUsd` is an exact decimal string. */
export type Dearest = { key: string; costUsd: string }

/** Who cost most in each bucket, by its index; none in a bucket that cost nothing. `edges` as in `usageByTime`. */
export async function dearestByTime(
  db: Db,
  filter: UsageFilter,
  edges: Date[],
  by: 'tenant' | 'model',
): Promise<Map<number, Dearest>> {
  const starts = arrayLiteral(edges.map((edge) => edge.toISOString()))
  const rows = usageRows(filter, grainOf(edges, filter), { user: false, detail: by === 'model' })
  const found = await db.execute<{ bucket: number; key: string; cost: string }>(sql`
    select distinct on (bucket) bucket, key, trim_scale(cost) as cost
    from (
      select width_bucket(at, ${starts}::timestamptz[]) as bucket, ${sql.raw(by)} as key, sum(cost_usd) as cost
      from (${rows}) as rows group by 1, 2
    ) as summed
    where cost > 0
    order by bucket, cost desc, key collate "C"
    limit ${edges.length}`)
  return new Map(found.map(({ bucket, key, cost }) => [bucket - 1, { key, costUsd: cost }]))
}

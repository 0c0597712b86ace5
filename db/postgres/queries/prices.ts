import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { PriceRates } from '@/db/postgres/schema/usage'

export type NewPrice = { provider: string; model: string; digest: string; rates: PriceRates }

/** Adds the prices that are not there yet and returns the id of each, in the order given. */
export async function idsOfPrices(db: Db, source: string, prices: NewPrice[]): Promise<number[]> {
  const batch = sql`select * from json_to_recordset(${JSON.stringify(prices)}::json)
    as p(provider text, model text, digest text, rates jsonb)`
  await db.execute(sql`
    insert into prices (provider, model, source, digest, rates)
    select provider, model, ${source}, digest, rates from (${batch}) as batch
    on conflict (provider, model, source, digest) do nothing`)
  // A statement of its own: only a new snapshot sees the row that another process added meanwhile.
  const rows = await db.execute<{ id: number; provider: string; model: string; digest: string }>(sql`
    select p.id, p.provider, p.model, p.digest from prices p
    join (${batch}) as batch using (provider, model, digest)
    where p.source = ${source}`)
  return prices.map((price) => {
    const row = rows.find((r) => r.provider === price.provider && r.model === price.model && r.digest === price.digest)
    if (!row) throw new Error(`prices has no row for ${price.provider}/${price.model} after it was inserted`)
    return row.id
  })
}

import { sql } from 'drizzle-orm'
import type { Db } from '@/db/postgres/client'
import type { PriceRates } from '@/db/postgres/schema/usage'
import { arrayLiteral } from './array-literal'

export type NewPrice = {
  source: string
  provider: string
  model: string
  digest: string
  rates: PriceRates
  times: { from: Date | null; to: Date | null; dailyFrom: string | null; dailyTo: string | null }
}

/** Adds the prices that are not there yet and returns the id of each, in the order given. */
export async function idsOfPrices(db: Db, prices: NewPrice[]): Promise<number[]> {
  const rows = prices.map(({ times: { from, to, dailyFrom, dailyTo }, ...price }) => ({
    ...price,
    effective_from: from,
    effective_to: to,
    daily_from: dailyFrom,
    daily_to: dailyTo,
  }))
  const batch = sql`select * from json_to_recordset(${JSON.stringify(rows)}::json)
    as p(source text, provider text, model text, digest text, rates jsonb, effective_from timestamptz,
      effective_to timestamptz, daily_from text, daily_to text)`
  await db.execute(sql`
    insert into prices (provider, model, source, digest, rates, effective_from, effective_to, daily_from, daily_to)
    select provider, model, source, digest, rates, effective_from, effective_to, daily_from, daily_to
    from (${batch}) as batch
    on conflict (provider, model, source, digest) do nothing`)
  // A statement of its own: only a new snapshot sees the row that another process added meanwhile.
  const found = await db.execute<{ id: number; source: string; provider: string; model: string; digest: string }>(sql`
    select p.id, p.source, p.provider, p.model, p.digest from prices p
    join (${batch}) as batch using (provider, model, source, digest)`)
  const keyOf = (price: Pick<NewPrice, 'source' | 'provider' | 'model' | 'digest'>) =>
    [price.source, price.provider, price.model, price.digest].join('\n')
  const ids = new Map(found.map((row) => [keyOf(row), row.id]))
  return prices.map((price) => {
    const id = ids.get(keyOf(price))
    if (id === undefined)
      throw new Error(`prices has no row for ${price.provider}/${price.model} after it was inserted`)
    return id
  })
}

export type PriceRow = { id: number; source: string; provider: string; model: string; rates: PriceRates }

/** The prices with these ids, at most 1,000. */
export async function pricesById(db: Db, ids: number[]): Promise<Map<number, PriceRow>> {
  const rows = await db.execute<PriceRow>(sql`
    select id, source, provider, model, rates from prices where id = any(${arrayLiteral(ids)}::int[])
    order by id limit 1000`)
  return new Map(rows.map((row) => [row.id, row]))
}

import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db, Transaction } from '@/db/postgres/client'
import { priceAliases, priceOverrides } from '@/db/postgres/schema/prices'
import type { PriceRates } from '@/db/postgres/schema/usage'

export type BookOverride = {
  id: number
  tenant: string | null
  provider: string
  model: string
  from: Date
  to: Date | null
  /** As usage refers to it. */
  price: {
    id: number
    source: 'override'
    provider: string
    model: string
    digest: string
    rates: PriceRates
    times: { from: Date; to: Date | null; dailyFrom: null; dailyTo: null }
  }
}
export type BookAlias = {
  id: number
  tenant: string | null
  provider: string
  model: string
  target: { provider: string; model: string } | null
}
export type BookRows = { revision: number; overrides: BookOverride[]; aliases: BookAlias[] }

type Row = {
  revision: number
  overrides: (Omit<BookOverride, 'from' | 'to' | 'price'> & {
    from: string
    to: string | null
    price_id: number
    digest: string
    rates: PriceRates
  })[]
  aliases: (Omit<BookAlias, 'target'> & { target_provider: string | null; target_model: string | null })[]
}

/** The book if it is no longer at this revision, else null. One statement: number and rows belong together. */
export async function changedPriceBook(db: Db, knownRevision: number): Promise<BookRows | null> {
  const [row] = await db.execute<Row>(sql`
    with book as (select coalesce((select revision from price_book where id = 1), 0) as revision)
    select revision, ${overridesWhere(sql`o.end_revision is null`)} as overrides,
      ${aliasesWhere(sql`a.end_revision is null`)} as aliases
    from book where revision <> ${knownRevision}`)
  return row ? bookOf(row) : null
}

/** The book as it was at a revision. */
export async function priceBookAt(db: Db, revision: number): Promise<BookRows> {
  const held = (t: string) => sql`${sql.raw(t)}.revision <= ${revision}
    and (${sql.raw(t)}.end_revision is null or ${sql.raw(t)}.end_revision > ${revision})`
  const [row] = await db.execute<Row>(sql`
    select ${revision}::int as revision, ${overridesWhere(held('o'))} as overrides, ${aliasesWhere(held('a'))} as aliases`)
  if (!row) throw new Error('the price book returned no row')
  return bookOf(row)
}

const overridesWhere = (which: SQL) => sql`(
  select coalesce(json_agg(json_build_object('id', o.id, 'tenant', o.tenant, 'provider', o.provider, 'model', o.model,
    'from', o.effective_from, 'to', o.effective_to, 'price_id', o.price_id, 'digest', p.digest, 'rates', o.rates)
    order by o.id), '[]')
  from price_overrides o join prices p on p.id = o.price_id where ${which})`

const aliasesWhere = (which: SQL) => sql`(
  select coalesce(json_agg(json_build_object('id', a.id, 'tenant', a.tenant, 'provider', a.provider, 'model', a.model,
    'target_provider', a.target_provider, 'target_model', a.target_model) order by a.id), '[]')
  from price_aliases a where ${which})`

function bookOf({ revision, overrides, aliases }: Row): BookRows {
  return {
    revision,
    overrides: overrides.map(({ from, to, price_id, digest, rates, ...override }) => {
      const times = { from: new Date(from), to: to === null ? null : new Date(to), dailyFrom: null, dailyTo: null }
      const { provider, model } = override
      const price = { id: price_id, source: 'override' as const, provider, model, digest, rates, times }
      return { ...override, from: times.from, to: times.to, price }
    }),
    aliases: aliases.map(({ target_provider, target_model, ...alias }) => ({
      ...alias,
      target:
        target_provider === null || target_model === null ? null : { provider: target_provider, model: target_model },
    })),
  }
}

/** The next revision, for a change of the book; whoever changes it too waits until this transaction ends. */
export async function nextBookRevision(tx: Transaction): Promise<number> {
  const [row] = await tx.execute<{ revision: number }>(sql`
    insert into price_book (id, revision, changed_at) values (1, 1, clock_timestamp())
    on conflict (id) do update set revision = price_book.revision + 1, changed_at = clock_timestamp()
    returning revision`)
  if (!row) throw new Error('price_book returned no revision')
  return row.revision
}

export async function insertOverride(tx: Transaction, override: typeof priceOverrides.$inferInsert): Promise<number> {
  const [row] = await tx.insert(priceOverrides).values(override).returning({ id: priceOverrides.id })
  if (!row) throw new Error('INSERT INTO price_overrides returned no row')
  return row.id
}

export async function insertAlias(tx: Transaction, alias: typeof priceAliases.$inferInsert): Promise<number> {
  const [row] = await tx.insert(priceAliases).values(alias).returning({ id: priceAliases.id })
  if (!row) throw new Error('INSERT INTO price_aliases returned no row')
  return row.id
}

type End = { id: number; revision: number; by: string }
const ended = ({ revision, by }: End) => ({ endRevision: revision, endedBy: by, endedAt: sql`clock_timestamp()` })

/** Null when there is no such override in the book. */
export async function endOverrideRow(tx: Transaction, end: End) {
  const [row] = await tx
    .update(priceOverrides)
    .set(ended(end))
    .where(and(eq(priceOverrides.id, end.id), isNull(priceOverrides.endRevision)))
    .returning(shownOverride)
  return row ?? null
}

export async function endAliasRow(tx: Transaction, end: End) {
  const [row] = await tx
    .update(priceAliases)
    .set(ended(end))
    .where(and(eq(priceAliases.id, end.id), isNull(priceAliases.endRevision)))
    .returning(shownAlias)
  return row ?? null
}

/** The alias of a name that is in the book, for this tenant or, with null, for all. */
export async function currentAlias(tx: Transaction, name: { tenant: string | null; provider: string; model: string }) {
  const [row] = await tx
    .select(shownAlias)
    .from(priceAliases)
    .where(
      sql`coalesce(tenant, '') = ${name.tenant ?? ''} and lower(provider) = lower(${name.provider})
        and lower(model) = lower(${name.model}) and end_revision is null`,
    )
    .limit(1)
  return row ?? null
}

const shownOverride = {
  id: priceOverrides.id,
  tenant: priceOverrides.tenant,
  provider: priceOverrides.provider,
  model: priceOverrides.model,
  rates: priceOverrides.rates,
  effectiveFrom: priceOverrides.effectiveFrom,
  effectiveTo: priceOverrides.effectiveTo,
  reason: priceOverrides.reason,
  enteredBy: priceOverrides.enteredBy,
  enteredAt: priceOverrides.enteredAt,
  endedBy: priceOverrides.endedBy,
  endedAt: priceOverrides.endedAt,
}
const shownAlias = {
  id: priceAliases.id,
  tenant: priceAliases.tenant,
  provider: priceAliases.provider,
  model: priceAliases.model,
  targetProvider: priceAliases.targetProvider,
  targetModel: priceAliases.targetModel,
  reason: priceAliases.reason,
  enteredBy: priceAliases.enteredBy,
  enteredAt: priceAliases.enteredAt,
  endedBy: priceAliases.endedBy,
  endedAt: priceAliases.endedAt,
}

/** Those in the book first, then what was ended, each newest first. */
export async function selectOverrides(db: Db, limit: number) {
  return db
    .select(shownOverride)
    .from(priceOverrides)
    .orderBy(sql`end_revision is not null`, desc(priceOverrides.id))
    .limit(limit)
}

export async function selectAliases(db: Db, limit: number) {
  return db
    .select(shownAlias)
    .from(priceAliases)
    .orderBy(sql`end_revision is not null`, desc(priceAliases.id))
    .limit(limit)
}

/** How many overrides and aliases every process holds in memory. */
export async function countBook(db: Db): Promise<number> {
  const [row] = await db.execute<{ rows: number }>(sql`
    select ((select count(*) from price_overrides where end_revision is null)
      + (select count(*) from price_aliases where end_revision is null))::int as rows`)
  return row?.rows ?? 0
}

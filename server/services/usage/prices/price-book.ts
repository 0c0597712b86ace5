import { type BookRows, changedPriceBook, priceBookAt } from '@/db/postgres/queries/price-book'
import type { Stores } from '@/server/services/context'
import { matchName, type NameMatch } from './match-name'
import { libraryPrice, type Price } from './rates-in-force'

type Override = BookRows['overrides'][number]
type Alias = BookRows['aliases'][number]
export type Named = { provider: string; model: string }
/**
 * How a reported name gets its price: the alias that applies, the library's model that it means, and the overrides that
 * may apply, the one that decides first.
 */
export type Meaning = { alias: Alias | null; match: NameMatch | null; overrides: Override[] }

/** Names come from applications, so what is remembered of them is bounded. */
const REMEMBERED = 5_000
const REFRESH_MS = 1_000

/**
 * All prices at one revision of the overrides and aliases: in memory, so that pricing a call waits for nothing (about a
 * microsecond when the name was seen before).
 */
export class PriceBook {
  private readonly meanings = new Map<string, Map<string, Meaning>>()
  private remembered = 0
  private readonly overrides = new Map<string, Override[]>()
  private readonly aliases = new Map<string, Alias>()
  /** Tenants that have a price or a name of their own; all others share what is remembered. */
  private readonly special = new Set<string>()

  constructor(
    readonly revision: number,
    rows: Pick<BookRows, 'overrides' | 'aliases'>,
  ) {
    for (const override of rows.overrides) {
      const key = keyOf(override.tenant, override)
      this.overrides.set(key, [override, ...(this.overrides.get(key) ?? [])])
    }
    for (const alias of rows.aliases) this.aliases.set(keyOf(alias.tenant, alias), alias)
    for (const { tenant } of [...rows.overrides, ...rows.aliases]) if (tenant !== null) this.special.add(tenant)
  }

  /** The price in force at the instant: the tenant's own, else everybody's override, else the published one; null: none. */
  priceOf(tenant: string | null, provider: string, model: string, at: Date): Price | null {
    return this.priceFrom(this.meaningOf(tenant, provider, model), at)
  }

  priceFrom({ overrides, match }: Meaning, at: Date): Price | null {
    for (const { from, to, price } of overrides) if (at >= from && (to === null || at < to)) return price
    return match && libraryPrice(match.provider, match.model, at)
  }

  meaningOf(tenant: string | null, provider: string, model: string): Meaning {
    const own = tenant !== null && this.special.has(tenant) ? tenant : null
    const group = own === null ? provider : `${own}\n${provider}`
    const known = this.meanings.get(group)?.get(model)
    if (known) return known
    if (this.remembered >= REMEMBERED) this.forget()
    const meaning = this.work(own, { provider, model })
    const models = this.meanings.get(group) ?? new Map<string, Meaning>()
    this.meanings.set(group, models.set(model, meaning))
    this.remembered++
    return meaning
  }

  /** Whether something is priced under this name itself, whatever aliases say. */
  knows(tenant: string | null, named: Named): boolean {
    const { match, overrides } = this.meaningIn(tenant, named, null)
    return match !== null || overrides.length > 0
  }

  /** The tenants that have an override or an alias of their own for what is reported so. */
  tenantsWithOwn(provider: string, model: string): string[] {
    const common = this.meaningOf(null, provider, model)
    return [...this.special].filter((tenant) => {
      const { alias, overrides } = this.meaningOf(tenant, provider, model)
      return alias !== common.alias || overrides.length !== common.overrides.length
    })
  }

  private forget() {
    this.meanings.clear()
    this.remembered = 0
  }

  private work(tenant: string | null, reported: Named): Meaning {
    const alias = scopesOf(tenant)
      .map((scope) => this.aliases.get(keyOf(scope, reported)))
      .find((one) => one !== undefined)
    return this.meaningIn(tenant, alias ? alias.target : reported, alias ?? null)
  }

  /** The tenant's own overrides come before those for all; of each, those of the name before those of its match. */
  private meaningIn(tenant: string | null, named: Named | null, alias: Alias | null): Meaning {
    if (!named) return { alias, match: null, overrides: [] }
    const match = matchName(named.provider, named.model)
    const names = [named, ...(match ? [{ provider: match.provider.id, model: match.model.id }] : [])]
    const keys = new Set(scopesOf(tenant).flatMap((scope) => names.map((name) => keyOf(scope, name))))
    return { alias, match, overrides: [...keys].flatMap((key) => this.overrides.get(key) ?? []) }
  }
}

const scopesOf = (tenant: string | null) => (tenant === null ? [null] : [tenant, null])

/** Case does not tell models apart. */
const keyOf = (tenant: string | null, { provider, model }: Named) =>
  `${tenant ?? ''}\n${provider.toLowerCase()}\n${model.toLowerCase()}`

type Kept = { book: PriceBook; at: number; loading: Promise<PriceBook> | null }
const books = new WeakMap<Stores['db'], Kept>()

/**
 * The prices as this process knows them, at most a second old: one question for a number per second, and the overrides
 * again when it moved. An override that was committed is used by every batch that begins a second later.
 */
export function pricesOf(db: Stores['db']): Promise<PriceBook> {
  const kept = books.get(db)
  if (kept?.loading) return kept.loading
  if (kept && Date.now() - kept.at < REFRESH_MS) return Promise.resolve(kept.book)
  return refreshPrices(db)
}

/** As `pricesOf`, but as of now. */
export async function refreshPrices(db: Stores['db']): Promise<PriceBook> {
  const kept = books.get(db)
  const loading = load(db, kept?.book)
  books.set(db, { book: kept?.book ?? EMPTY, at: kept?.at ?? 0, loading })
  try {
    const book = await loading
    books.set(db, { book, at: Date.now(), loading: null })
    return book
  } catch (error) {
    if (kept) books.set(db, { ...kept, loading: null })
    else books.delete(db)
    throw error
  }
}

const EMPTY = new PriceBook(0, { overrides: [], aliases: [] })

async function load(db: Stores['db'], known: PriceBook | undefined): Promise<PriceBook> {
  const changed = await changedPriceBook(db, known?.revision ?? -1)
  return changed ? new PriceBook(changed.revision, changed) : (known ?? EMPTY)
}

/** The prices as they were at a revision, so that a correction ends with those that it began with. */
export async function bookAt(db: Stores['db'], revision: number): Promise<PriceBook> {
  return new PriceBook(revision, await priceBookAt(db, revision))
}

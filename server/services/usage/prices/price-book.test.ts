import { describe, expect, it } from 'vitest'
import type { BookOverride } from '@/db/postgres/queries/price-book'
import { PriceBook } from './price-book'

const day = (date: string) => new Date(`${date}T00:00:00Z`)
let ids = 0
function override(
  named: { provider: string; model: string },
  input: string,
  { tenant = null, from = '2026-01-01', to = null }: { tenant?: string | null; from?: string; to?: string | null } = {},
): BookOverride {
  const id = ++ids
  const times = { from: day(from), to: to === null ? null : day(to), dailyFrom: null, dailyTo: null }
  const rates = { input: { base: input, tiers: [] }, output: null, cacheRead: null, cacheWrite: null, request: null }
  const price = { id, source: 'override' as const, ...named, digest: String(id), rates, times }
  return { id, tenant, ...named, from: times.from, to: times.to, price }
}
const house = { provider: 'house', model: 'big' }
const inputOf = (book: PriceBook, tenant: string, { provider, model } = house, at = '2026-06-01') =>
  book.priceOf(tenant, provider, model, day(at))?.rates.input?.base ?? null

describe('R7: which price is in force', () => {
  it('the tenant’s own before that for all, the one entered last before those it shadows, and only in its time', () => {
    const book = new PriceBook(1, {
      overrides: [
        override(house, '1'),
        override(house, '2', { from: '2026-03-01', to: '2026-09-01' }),
        override(house, '5', { tenant: 'acme', from: '2026-05-01' }),
      ],
      aliases: [],
    })
    expect(inputOf(book, 'acme')).toBe('5')
    expect(inputOf(book, 'other')).toBe('2')
    expect(inputOf(book, 'acme', house, '2026-04-01')).toBe('2')
    expect(inputOf(book, 'other', house, '2026-09-01')).toBe('1')
    expect(inputOf(book, 'other', house, '2025-12-31')).toBeNull()
    expect(book.tenantsWithOwn(house.provider, house.model)).toEqual(['acme'])
  })

  it('an override of a model holds for each name that means it; one of the name itself is nearer', () => {
    const dated = { provider: 'openai', model: 'gpt-4o-2024-08-06' }
    const book = new PriceBook(1, {
      overrides: [override(dated, '9'), override({ provider: 'openai', model: 'gpt-4o' }, '8')],
      aliases: [],
    })
    expect(inputOf(book, 't', { provider: 'OpenAI', model: 'GPT-4o-2024-11-20' })).toBe('8')
    expect(inputOf(book, 't', dated)).toBe('9')
  })

  it('an alias decides what a name is priced as, once, and may say that it has no price', () => {
    const alias = (model: string, target: typeof house | null, tenant: string | null = null) => ({
      id: ++ids,
      tenant,
      provider: 'openai',
      model,
      target,
    })
    const book = new PriceBook(1, {
      overrides: [override(house, '1')],
      aliases: [
        alias('prod', house),
        alias('gpt-4o', null),
        alias('again', { provider: 'openai', model: 'prod' }),
        alias('prod', { provider: 'openai', model: 'gpt-4o' }, 'acme'),
      ],
    })
    expect(inputOf(book, 't', { provider: 'openai', model: 'Prod' })).toBe('1')
    expect(inputOf(book, 't', { provider: 'openai', model: 'gpt-4o' })).toBeNull()
    expect(inputOf(book, 't', { provider: 'openai', model: 'again' })).toBeNull()
    expect(inputOf(book, 'acme', { provider: 'openai', model: 'prod' })).toBe('2.5')
    expect(book.knows(null, { provider: 'openai', model: 'gpt-4o' })).toBe(true)
    expect(book.knows(null, { provider: 'openai', model: 'prod' })).toBe(false)
  })

  it('remembers a bounded number of names', () => {
    const book = new PriceBook(1, { overrides: [], aliases: [] })
    for (let n = 0; n < 12_000; n++) book.priceOf('t', `p${n % 7}`, `m${n}`, day('2026-06-01'))
    expect(inputOf(book, 't', { provider: 'openai', model: 'gpt-4o' })).toBe('2.5')
  })
})

import { type Budget, type Spent, spentOfKey } from '@/db/postgres/queries/budgets'
import { usageByTime } from '@/db/postgres/queries/usage'
import type { Db } from '@/db/postgres/client'
import { scaled } from '@/server/services/usage/prices/pico-usd'
import type { Period } from './period'

export type BudgetScope = Pick<Budget, 'tenant' | 'user' | 'key' | 'model' | 'prompt'>
/** `pico` are whole 10^-12 US dollars of the priced calls (R7); `unpriced` counts the others. */
export type SpentPico = { requests: number; pico: bigint; unpriced: number }

const nothing: SpentPico = { requests: 0, pico: 0n, unpriced: 0 }

/**
 * What the calls of a scope cost in [from, to), exact at this moment: sums by the hour with what is not folded yet. Of a
 * key every call is read, for no sums are kept by key: they would make each report of usage dearer.
 */
export async function spentIn(stores: { db: Db }, scope: BudgetScope, period: Period): Promise<SpentPico> {
  return (await spentByTime(stores, scope, period, [period.from]))[0] ?? nothing
}

/** The same by the bucket that begins at each edge: ascending, the first not after `from`. */
export async function spentByTime(
  { db }: { db: Db },
  { tenant, user, key, model, prompt }: BudgetScope,
  { from, to }: Period,
  edges: Date[],
): Promise<SpentPico[]> {
  if (from >= to) return edges.map(() => nothing)
  const filter = {
    from,
    to,
    tenant: tenant ?? undefined,
    user: user ?? undefined,
    model: model ?? undefined,
    prompt: prompt === null ? undefined : { name: prompt },
  }
  const buckets: Map<number, Spent> =
    key === null ? (await usageByTime(db, filter, edges)).buckets : await spentOfKey(db, filter, key, edges)
  return edges.map((_, index) => {
    const spent = buckets.get(index)
    return spent ? { requests: spent.requests, pico: picoOf(spent.costUsd), unpriced: spent.unpriced } : nothing
  })
}

/** @throws Error for what is no amount that Postgres holds: nothing is rounded. */
export function picoOf(usd: string): bigint {
  const pico = scaled(usd, 12)
  if (pico === null) throw new Error(`not an exact amount: ${usd}`)
  return pico
}

/** The shortest decimal string of an exact amount. */
export const shortUsd = (usd: string) => (usd.includes('.') ? usd.replace(/\.?0+$/, '') : usd)

export const sumOf = (all: SpentPico[]): SpentPico =>
  all.reduce(
    (sum, one) => ({
      requests: sum.requests + one.requests,
      pico: sum.pico + one.pico,
      unpriced: sum.unpriced + one.unpriced,
    }),
    nothing,
  )

/** Whether so many percent of an amount are spent; on whole numbers, so that 100 % is 100 %. */
export const hasReached = (spent: bigint, amount: bigint, percent: number) => spent * 100n >= amount * BigInt(percent)

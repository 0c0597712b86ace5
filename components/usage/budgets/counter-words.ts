import { money, moneyExact } from '@/components/format/money'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'

type Counter = NonNullable<ListedBudget['counter']>
type Found = { found: Counter['found'] | 'overtaken'; driftUsd: string | null }

/** What a reconciliation met, in a few words. */
export function foundText({ found, driftUsd }: Found): string {
  switch (found) {
    case 'right':
      return 'no drift'
    case 'off':
      return driftText(driftUsd ?? '0')
    case 'begun':
      return 'begun with this count'
    case 'lost':
      return 'was lost, and counted anew'
    case 'unreachable':
      return 'Redis did not answer; Postgres decides'
    case 'overtaken':
      return 'the worker was faster; what it found stands'
  }
}

/** The counter less the ledger, as people say it. */
export const driftText = (usd: string): string =>
  usd.startsWith('-') ? `${money(usd.slice(1))} behind the ledger` : `${money(usd)} ahead of the ledger`

export const driftExact = (usd: string | null): string | undefined =>
  usd === null ? undefined : usd.startsWith('-') ? `-${moneyExact(usd.slice(1))}` : moneyExact(usd)

import { Link } from '@/components/ui/link'
import { Age } from '@/components/feedback/age'
import { count } from '@/components/format/count'
import { money, moneyExact } from '@/components/format/money'
import { Bar } from '@/components/ui/bar'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { foundText } from './counter-words'
import { pricesHref } from '@/components/usage/prices/prices-params'

/** Spent of the amount, with the thresholds as marks on the bar; what has no price beside it, never as nothing. */
export function SpentCell({ budget }: { budget: ListedBudget }) {
  const { spentUsd, amountUsd, percent, unpriced, tenant } = budget
  return (
    <span className="block min-w-44">
      <span className="flex items-baseline justify-between gap-3">
        <span title={`${moneyExact(spentUsd)} of ${moneyExact(amountUsd)}`}>
          <b className="font-medium">{money(spentUsd)}</b> <span className="text-muted">of {money(amountUsd)}</span>
        </span>
        <span className={percent >= 100 ? 'text-bad' : 'text-muted'}>{percent} %</span>
      </span>
      <MarkedBar percent={percent} thresholds={budget.thresholds} />
      {budget.enforcement === 'refuse' && <Counter counter={budget.counter} />}
      {unpriced > 0 && (
        <Link
          href={pricesHref('/usage/prices', { tenant, view: 'unpriced' })}
          className="mt-1 block w-fit rounded-sm bg-warn-soft px-1.5 text-sm text-warn-ink underline"
          onClick={(event) => event.stopPropagation()}
        >
          and {count(unpriced)} unpriced {unpriced === 1 ? 'call' : 'calls'}
        </Link>
      )}
    </span>
  )
}

function MarkedBar({ percent, thresholds }: Pick<ListedBudget, 'percent' | 'thresholds'>) {
  const whole = Math.max(100, ...thresholds)
  return (
    <span className="relative mt-1 block" title={`Told at ${thresholds.map((one) => `${one} %`).join(', ')}`}>
      <Bar share={percent / whole} memory="postgres" label={`${percent} % spent`} />
      {thresholds.map((threshold) => (
        <span
          key={threshold}
          aria-hidden
          className="absolute -top-0.5 h-2.5 w-px bg-text"
          style={{ left: `${Math.min(99.5, (threshold / whole) * 100)}%` }}
        />
      ))}
    </span>
  )
}

/** How far what decides was from the calls themselves when it was compared last; said also when it is nothing. */
function Counter({ counter }: Pick<ListedBudget, 'counter'>) {
  if (!counter) return <span className="block text-sm text-muted">refuses nobody before its first count</span>
  return (
    <span className="block text-sm text-muted">
      counter <Age at={counter.reconciledAt} />: {foundText(counter)}
    </span>
  )
}

import { Age } from '@/components/feedback/age'
import { Panel } from '@/components/feedback/panel'
import { money, moneyExact } from '@/components/format/money'
import { percentText } from '@/components/format/percent'
import { Button } from '@/components/ui/button'
import { Stat, Stats } from '@/components/ui/stat'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { driftExact, driftText, foundText } from './counter-words'
import { useReconcile } from './use-reconcile'

type Counter = NonNullable<ListedBudget['counter']>

/** What decides whether a budget refuses, and how far that was from the ledger. */
export function CounterPanel({ budget, asOf }: { budget: ListedBudget; asOf: string }) {
  const mayChange = useMayChange()
  const { reconcile, isReconciling } = useReconcile()
  const { counter } = budget
  return (
    <Panel
      title={`${budget.name}: the counter that decides`}
      memory={counter?.decides?.by ?? 'redis'}
      note="every report adds to it once it is committed; the worker sets it to the ledger"
      source={{
        stores: ['redis', 'postgres'],
        from: 'engram:budgets of Redis; budget_states and budget_drifts',
        window: 'the period that runs',
        asOf,
        precision: 'exact',
        detail:
          'Drift is the counter less the ledger, both of the same committed calls. A report sent again adds nothing; what is not added (a process that was killed, a Redis that did not answer, a corrected price) is drift until the next reconciliation.',
      }}
      actions={
        mayChange && (
          <Button onClick={() => reconcile(budget)} disabled={isReconciling}>
            Reconcile now
          </Button>
        )
      }
      state={
        counter
          ? { status: 'ready' }
          : {
              status: 'empty',
              title: 'Nothing was counted yet.',
              hint: 'The worker counts every few seconds. Until then this budget refuses nobody.',
            }
      }
      minHeight={120}
    >
      {counter && <Figures counter={counter} />}
      {counter && <History counter={counter} />}
    </Panel>
  )
}

function Figures({ counter }: { counter: Counter }) {
  const { decides, driftUsd, driftShare, ledgerUsd, reconciledAt } = counter
  return (
    <Stats>
      <Stat
        label="Decides"
        value={decides ? <span title={moneyExact(decides.spentUsd)}>{money(decides.spentUsd)}</span> : '–'}
        remark={whoText(counter)}
      />
      <Stat
        label="Ledger"
        value={<span title={moneyExact(ledgerUsd)}>{money(ledgerUsd)}</span>}
        remark={<Age at={reconciledAt} />}
      />
      <Stat
        label="Drift"
        value={driftUsd === null ? '–' : <span title={driftExact(driftUsd)}>{money(driftUsd)}</span>}
        remark={driftUsd === null ? foundText(counter) : `${percentText(driftShare)} of the budget`}
      />
      <Stat label="Reconciled" value={<Age at={reconciledAt} />} remark={foundText(counter)} />
    </Stats>
  )
}

function whoText({ decides, found }: Counter): string {
  if (!decides) return 'no count of this period yet'
  if (decides.by === 'redis') return 'the counter in Redis'
  return found === 'unreachable' ? 'Postgres: Redis does not answer' : 'Postgres: no counter in Redis'
}

function History({ counter: { history } }: { counter: Counter }) {
  if (history.length === 0)
    return <p className="px-3.5 pb-3 text-sm text-muted">No drift was found in the last 30 days.</p>
  return (
    <ul aria-label="Drifts found, newest first" className="space-y-1 px-3.5 pb-3 text-sm">
      {history.map(({ id, at, found, driftUsd }) => (
        <li key={id} title={driftExact(driftUsd)}>
          <span className="text-muted">
            <Age at={at} />
          </span>{' '}
          {found === 'off' ? driftText(driftUsd ?? '0') : foundText({ found, driftUsd })}
        </li>
      ))}
    </ul>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { UsageTabs } from '@/components/usage/usage-tabs'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { BudgetDialog } from './budget-dialog'
import { BudgetsPanel } from './budgets-panel'
import { useBudgets } from './budgets-params'
import { BurnDownPanel } from './burn-down-panel'
import { CounterPanel } from './counter-panel'

const EVERY_MS = 15_000

/** What may be spent, how far it is, and when it will be used up. */
export function BudgetsScreen() {
  const { scope, open, setParams } = useBudgets()
  const [dialog, setDialog] = useState<{ budget: ListedBudget | null } | null>(null)
  const list = useQuery(useTRPC().budgets.list.queryOptions({ tenant: scope.tenant }, { refetchInterval: EVERY_MS }))
  const budgets = list.data?.budgets ?? []
  // Where none is chosen, the one that is nearest to its end.
  const shown = budgets.find(({ id }) => id === open) ?? budgets.toSorted((a, b) => b.percent - a.percent)[0]
  return (
    <>
      <UsageTabs />
      <BudgetsPanel
        list={list}
        shown={shown?.id ?? null}
        onShow={({ id }) => void setParams({ budget: id })}
        onSet={(budget) => setDialog({ budget })}
      />
      {shown && list.data && <BurnDownPanel budget={shown} asOf={list.data.asOf} />}
      {shown?.enforcement === 'refuse' && list.data && <CounterPanel budget={shown} asOf={list.data.asOf} />}
      {dialog && <BudgetDialog budget={dialog.budget} onClose={() => setDialog(null)} />}
    </>
  )
}

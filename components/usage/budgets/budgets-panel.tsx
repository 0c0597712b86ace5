'use client'

import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/feedback/panel'
import { Button } from '@/components/ui/button'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { useUsageState } from '@/components/usage/use-usage-state'
import type { ListedBudget, listBudgets } from '@/server/services/usage/budgets/list-budgets'
import { budgetColumns } from './budget-columns'
import { useDeleteBudget } from './use-delete-budget'

type List = Awaited<ReturnType<typeof listBudgets>>
type Props = {
  list: Parameters<typeof useUsageState>[0] & { data: List | undefined }
  shown: string | null
  onShow: (budget: ListedBudget) => void
  /** Null sets a new one. */
  onSet: (budget: ListedBudget | null) => void
}

export function BudgetsPanel({ list, shown, onShow, onSet }: Props) {
  const mayChange = useMayChange()
  const remove = useDeleteBudget()
  const set = mayChange && (
    <Button variant="primary" onClick={() => onSet(null)}>
      Set a budget
    </Button>
  )
  const state = useUsageState(list, 'the budgets', {
    empty: list.data?.budgets.length === 0 && {
      title: 'Nothing is budgeted yet.',
      hint: 'Say what may be spent in a day, a week or a month: by all, by a tenant, or by one of its users, keys, models or prompts. You see when it will be used up, and are told before: here and by webhook.',
      action: set,
    },
  })
  return (
    <Panel
      title="Budgets"
      memory="postgres"
      edge
      source={
        list.data && {
          stores: ['postgres'],
          from: 'usage_hourly + usage_deltas; of keys llm_usage',
          window: 'the period of each budget',
          asOf: list.data.asOf,
          precision: 'exact',
          detail: 'Calls without a price are not in what is spent; they are counted beside it.',
        }
      }
      actions={state.status === 'empty' ? null : set}
      state={state}
      minHeight={180}
    >
      <DataTable
        label="Budgets"
        memory="postgres"
        columns={budgetColumns(list.data?.asOf ?? '', mayChange ? { change: onSet, remove } : null)}
        rows={list.data?.budgets ?? []}
        rowKey={({ id }) => id}
        onSelect={onShow}
        selectedKey={shown}
        defaultSort={{ key: 'spent', descending: true }}
      />
    </Panel>
  )
}

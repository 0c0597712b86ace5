'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { ListedBudget } from '@/server/services/usage/budgets/list-budgets'
import { type BudgetDraft, budgetDraft, inputOf, readDraft, termsOf, type Wrong } from './budget-draft'
import { BudgetPreview } from './budget-preview'
import { periodText, scopeText } from './budget-words'
import { useBudgets } from './budgets-params'
import { ScopeFields } from './scope-fields'

const enforcements = [
  { value: 'tell', label: 'Tell only' },
  { value: 'refuse', label: 'Refuse' },
]
const fields = ['name', 'amountUsd', 'thresholds', 'tenant', 'of', 'rollingDays']

/** Sets a budget, or changes the amount, the thresholds and the name of one. */
export function BudgetDialog({ budget, onClose }: { budget: ListedBudget | null; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { scope, setParams } = useBudgets()
  const [draft, setDraft] = useState(() => budgetDraft(budget, scope))
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const onSuccess = ({ id }: { id: string }) => {
    void queryClient.invalidateQueries(trpc.budgets.pathFilter())
    toast.done(`${draft.name.trim()} is ${budget ? 'changed' : 'set'}`)
    void setParams({ budget: id })
    onClose()
  }
  const create = useMutation(trpc.budgets.create.mutationOptions({ onSuccess }))
  const change = useMutation(trpc.budgets.change.mutationOptions({ onSuccess }))
  const { error, isPending } = budget ? change : create
  const shown = wrong ?? (error && { field: fieldOf(error) ?? '', message: error.message })
  const errorAt = (field: string) => (shown?.field === field ? shown.message : undefined)
  const set = (more: Partial<BudgetDraft>) => setDraft({ ...draft, ...more })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = readDraft(draft, budget?.id ?? null)
    setWrong(found)
    if (found || isPending) return
    if (budget) change.mutate({ id: budget.id, ...termsOf(draft) })
    else create.mutate(inputOf(draft))
  }
  const text = (key: 'name' | 'amountUsd' | 'thresholds', placeholder: string) => (
    <Input value={draft[key]} onChange={({ target }) => set({ [key]: target.value })} placeholder={placeholder} />
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={budget ? `Change ${budget.name}` : 'Set a budget'}
        description={
          budget
            ? `${scopeText(budget)}, ${periodText(budget)}. With another amount its thresholds are told anew.`
            : 'You are told on this page and by webhook when a threshold is reached, and when it is foreseen to be used up.'
        }
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            <div className="grid items-start gap-3 sm:grid-cols-2">
              <Field label="Name" error={errorAt('name')}>
                {text('name', 'acme in a month')}
              </Field>
              <Field label="Amount (US dollars)" error={errorAt('amountUsd')}>
                {text('amountUsd', '250')}
              </Field>
              {!budget && <ScopeFields draft={draft} onChange={set} errorAt={errorAt} />}
              <Field label="Tell at (percent)" error={errorAt('thresholds')}>
                {text('thresholds', '50, 80, 100')}
              </Field>
              <Field
                label="When it is used up"
                hint="Refuse: /v1/budgets/check answers “not allowed”; usage is recorded all the same."
              >
                <Select
                  value={draft.enforcement}
                  onValueChange={(value) => set({ enforcement: value === 'refuse' ? 'refuse' : 'tell' })}
                  options={enforcements}
                />
              </Field>
            </div>
            <BudgetPreview draft={draft} />
            <p role="alert" className="text-bad empty:hidden">
              {shown && !fields.includes(shown.field) && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={isPending}>
              {budget ? 'Change budget' : 'Set budget'}
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

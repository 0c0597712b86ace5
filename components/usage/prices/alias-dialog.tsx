'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SetAlias } from '@/server/services/usage/prices/prices.schema'
import type { AliasStart, RepriceDraft } from './opened'
import { PriceNow } from './price-now'

/** Says what a reported name is priced as; `onDone` gets what waits to be re-priced with it. */
export function AliasDialog({
  start,
  onDone,
  onClose,
}: {
  start: AliasStart
  onDone: (waiting?: RepriceDraft) => void
  onClose: () => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { provider = '', model = '' } = start
  const [draft, setDraft] = useState({
    tenant: start.tenant ?? '',
    provider,
    model,
    targetProvider: provider,
    targetModel: '',
    reason: '',
  })
  const [priced, setPriced] = useState(true)
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const set = useMutation(
    trpc.prices.setAlias.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.prices.pathFilter())
        toast.done(`${draft.model.trim()} ${priced ? `is priced as ${draft.targetModel.trim()}` : 'has no price'}`)
        onDone(start.waiting)
      },
    }),
  )
  const shown = wrong ?? (set.error && { field: fieldOf(set.error) ?? '', message: set.error.message })
  const errorAt = (field: string) => (shown?.field === field ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const target = { provider: draft.targetProvider.trim(), model: draft.targetModel.trim() }
    const read = SetAlias.safeParse({
      tenant: draft.tenant.trim() || null,
      provider: draft.provider.trim(),
      model: draft.model.trim(),
      target: priced ? target : null,
      reason: draft.reason.trim() || null,
    })
    const issue = read.error?.issues[0]
    setWrong(issue ? { field: issue.path.join('.'), message: issue.message } : null)
    if (read.data && !set.isPending) set.mutate(read.data)
  }
  const field = (key: keyof typeof draft, label: string, path: string, placeholder?: string) => (
    <Field label={label} error={errorAt(path)}>
      <Input
        value={draft[key]}
        onChange={({ target }) => setDraft({ ...draft, [key]: target.value })}
        spellCheck={false}
        placeholder={placeholder}
        maxLength={500}
      />
    </Field>
  )
  const atNoField = shown && !/^(?:tenant|provider|model|reason|target\..*)$/.test(shown.field)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="What a name is priced as"
        description="For names that the price list does not know, or takes for the wrong model."
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            <div className="grid gap-3 sm:grid-cols-2">
              {field('provider', 'Reported provider', 'provider', 'azure')}
              {field('model', 'Reported model', 'model', 'our-gpt-4o')}
            </div>
            <label className="flex items-baseline gap-2">
              <Checkbox
                checked={!priced}
                onCheckedChange={(checked) => setPriced(checked !== true)}
                className="translate-y-0.5"
              />
              <span>It has no price: what it was taken for is another model</span>
            </label>
            {priced && (
              <>
                <div className="grid gap-3 sm:grid-cols-2">
                  {field('targetProvider', 'Priced as provider', 'target.provider', 'openai')}
                  {field('targetModel', 'Priced as model', 'target.model', 'gpt-4o')}
                </div>
                <PriceNow tenant={draft.tenant} provider={draft.targetProvider} model={draft.targetModel} />
              </>
            )}
            <div className="grid gap-3 sm:grid-cols-2">
              {field('tenant', 'Tenant (all where empty)', 'tenant')}
              {field('reason', 'Reason (optional)', 'reason')}
            </div>
            <p role="alert" className="text-bad empty:hidden">
              {atNoField && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={set.isPending}>
              {start.waiting ? 'Set and re-price' : 'Set alias'}
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

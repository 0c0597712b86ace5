'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { zoneLabel } from '@/components/format/instant'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { OverrideStart, RepriceDraft } from './opened'
import { overrideDraft, type OverrideDraft, readOverride } from './override-draft'
import { PriceFields } from './price-fields'
import { PriceNow } from './price-now'
import { usePrices } from './prices-params'

/** Enters a price, or one in place of another; `onDone` gets what waits to be re-priced with it. */
export function OverrideDialog({
  start,
  onDone,
  onClose,
}: {
  start: OverrideStart
  onDone: (waiting?: RepriceDraft) => void
  onClose: () => void
}) {
  const { timezone } = usePrices().scope
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => overrideDraft(start, timezone))
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const add = useMutation(
    trpc.prices.addOverride.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.prices.pathFilter())
        toast.done(`The price of ${draft.model.trim()} is entered`)
        onDone(start.waiting)
      },
    }),
  )
  const shown = wrong ?? (add.error && { field: fieldOf(add.error) ?? '', message: add.error.message })
  const errorAt = (field: string) => (shown?.field === field ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readOverride(draft, timezone, start.replaces?.id ?? null)
    setWrong(read.wrong ?? null)
    if (read.input && !add.isPending) add.mutate(read.input)
  }
  const set = (change: Partial<OverrideDraft>) => setDraft({ ...draft, ...change })
  const text = (
    key: 'tenant' | 'provider' | 'model' | 'reason' | 'from' | 'to',
    props: Record<string, unknown> = {},
  ) => (
    <Input value={draft[key]} onChange={({ target }) => set({ [key]: target.value })} spellCheck={false} {...props} />
  )
  const atNoField = shown && !/^(?:tenant|provider|model|from|to|reason|rates\..*)$/.test(shown.field)
  const zone = zoneLabel(start.from, timezone)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={start.replaces ? `Replace the price of ${start.model}` : 'Enter a price'}
        description="Calls from then on are costed with it; those of before keep their cost until you re-price them."
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            <div className="grid gap-3 sm:grid-cols-2">
              <Field label="Provider" error={errorAt('provider')}>
                {text('provider', { maxLength: 100, placeholder: 'openai' })}
              </Field>
              <Field label="Model" error={errorAt('model')}>
                {text('model', { maxLength: 200, placeholder: 'as reported, or of the price list' })}
              </Field>
            </div>
            <PriceNow tenant={draft.tenant} provider={draft.provider} model={draft.model} />
            <PriceFields draft={draft} onChange={set} errorAt={errorAt} />
            <div className="grid gap-3 sm:grid-cols-2">
              <Field label={`In force from (${zone})`} error={errorAt('from')}>
                {text('from', { type: 'datetime-local' })}
              </Field>
              <Field label={`To (${zone}, optional)`} error={errorAt('to')}>
                {text('to', { type: 'datetime-local' })}
              </Field>
              <Field label="Tenant (all where empty)" error={errorAt('tenant')}>
                {text('tenant', { maxLength: 63 })}
              </Field>
              <Field label="Reason (optional)" error={errorAt('reason')}>
                {text('reason', { maxLength: 500, placeholder: 'Contract of March' })}
              </Field>
            </div>
            <p role="alert" className="text-bad empty:hidden">
              {atNoField && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={add.isPending}>
              {start.waiting ? 'Enter and re-price' : 'Enter price'}
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

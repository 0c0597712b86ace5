'use client'

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { zoneLabel } from '@/components/format/instant'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { fromLocalInput, toLocalInput } from '@/components/shell/zoned'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { PreviewCorrection } from '@/server/services/usage/prices/prices.schema'
import { CorrectionView } from './correction-view'
import { ModelsField } from './models-field'
import type { RepriceDraft } from './opened'
import { usePrices } from './prices-params'

/** Chooses what to re-price, shows the difference, and only then changes it. */
export function RepriceDialog({ draft: start, onClose }: { draft: RepriceDraft; onClose: () => void }) {
  const { timezone } = usePrices().scope
  const [draft, setDraft] = useState({
    from: toLocalInput(start.from, timezone),
    to: toLocalInput(new Date(Date.parse(start.to) + 59_999).toISOString(), timezone),
    tenants: start.tenants.join(', '),
    models: start.models,
    reason: start.reason,
  })
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const preview = useMutation(useTRPC().prices.previewCorrection.mutationOptions())
  const shown = wrong ?? (preview.error && { field: fieldOf(preview.error) ?? '', message: preview.error.message })
  const errorAt = (field: string) => (shown?.field.split('.')[0] === field ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const tenants = draft.tenants.split(/[\s,]+/).filter(Boolean)
    const read = PreviewCorrection.safeParse({
      from: fromLocalInput(draft.from, timezone) ?? '',
      to: fromLocalInput(draft.to, timezone) ?? '',
      tenants: tenants.length > 0 ? tenants : null,
      models: draft.models,
      reason: draft.reason.trim(),
    })
    const issue = read.error?.issues[0]
    setWrong(issue ? { field: issue.path.join('.'), message: issue.message } : null)
    if (read.data && !preview.isPending)
      preview.mutate({ ...read.data, from: read.data.from.toISOString(), to: read.data.to.toISOString() })
  }
  const zone = zoneLabel(start.from, timezone)
  const text = (key: 'from' | 'to' | 'tenants' | 'reason', label: string, props: Record<string, unknown> = {}) => (
    <Field label={label} error={errorAt(key)}>
      <Input
        value={draft[key]}
        onChange={({ target }) => setDraft({ ...draft, [key]: target.value })}
        spellCheck={false}
        {...props}
      />
    </Field>
  )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {preview.data ? (
        <DialogContent title="Re-price" description="Nothing is changed before you apply it." className="max-w-3xl">
          <CorrectionView id={preview.data.id} onClose={onClose} />
        </DialogContent>
      ) : (
        <DialogContent
          title="Re-price"
          description="Costs the calls of a range again, with the prices of now for the time of each call. First you see the difference."
        >
          <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
            <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
              <div className="grid gap-3 sm:grid-cols-2">
                {text('from', `From (${zone})`, { type: 'datetime-local' })}
                {text('to', `To (${zone})`, { type: 'datetime-local' })}
              </div>
              {text('tenants', 'Tenants (all where empty)', { placeholder: 'acme, globex' })}
              <ModelsField models={draft.models} onChange={(models) => setDraft({ ...draft, models })} />
              {text('reason', 'Reason', { maxLength: 500, placeholder: 'The contract price was missing' })}
              <p role="alert" className="text-bad empty:hidden">
                {shown &&
                  !['from', 'to', 'tenants', 'reason'].includes(shown.field.split('.')[0] ?? '') &&
                  shown.message}
              </p>
            </div>
            <CardFooter>
              <Button size="md" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" size="md" variant="primary" pending={preview.isPending}>
                Preview
              </Button>
            </CardFooter>
          </form>
        </DialogContent>
      )}
    </Dialog>
  )
}

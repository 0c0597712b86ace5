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
import type { ListedPolicy } from '@/server/services/limits/limits-report'
import { limitDraft, type LimitDraft, readDraft } from './limit-draft'
import { kindNames } from './limit-words'
import { useLimits } from './limits-params'

const kinds: LimitDraft['kind'][] = ['fixed_window', 'sliding_window', 'token_bucket']
const kindHints: Record<LimitDraft['kind'], string> = {
  fixed_window: 'Windows of the clock: twice the points can come around the end of one.',
  sliding_window: 'Never more than its points in any stretch as long as the window.',
  token_bucket: 'A burst of what fits, then what flows in, evenly.',
}
const subjects = [
  { value: 'user', label: 'Users' },
  { value: 'tenant', label: 'Tenants' },
  { value: 'other', label: 'Something else' },
]
const fields = ['name', 'tenant', 'kind', 'points', 'windowSeconds', 'refillPoints']

type Props = { policy: ListedPolicy | null; onClose: () => void; onSet: (id: string) => void }

/** Sets a limit, or changes one; its name and tenant stay. */
export function LimitDialog({ policy, onClose, onSet }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { scope } = useLimits()
  const [draft, setDraft] = useState(() => limitDraft(policy, scope.tenant))
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const save = useMutation(
    trpc.limits.set.mutationOptions({
      onSuccess: ({ id }) => {
        void queryClient.invalidateQueries(trpc.limits.pathFilter())
        toast.done(`${draft.name.trim()} is ${policy ? 'changed' : 'set'}`)
        onSet(id)
        onClose()
      },
    }),
  )
  const shown = wrong ?? (save.error && { field: fieldOf(save.error) ?? '', message: save.error.message })
  const errorAt = (field: string) => (shown?.field === field ? shown.message : undefined)
  const set = (more: Partial<LimitDraft>) => setDraft({ ...draft, ...more })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readDraft(draft, policy === null)
    setWrong(read.wrong)
    if (read.input && !save.isPending) save.mutate(read.input)
  }
  const number = (key: 'points' | 'windowSeconds' | 'refillPoints') => (
    <Input value={draft[key]} onChange={({ target }) => set({ [key]: target.value })} inputMode="numeric" />
  )
  const bucket = draft.kind === 'token_bucket'
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={policy ? `Change ${policy.name}` : 'Set a limit'}
        description={
          policy
            ? 'Counters go on when only points change; another kind or window begins anew.'
            : 'Applications ask for it by its name, with a subject; each subject has its own counter.'
        }
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid items-start gap-3 overflow-y-auto px-3.5 pt-1 pb-3 sm:grid-cols-2">
            {!policy && (
              <>
                <Field label="Name" error={errorAt('name')}>
                  <Input value={draft.name} onChange={({ target }) => set({ name: target.value })} placeholder="chat" />
                </Field>
                <Field label="Tenant (all where empty)" error={errorAt('tenant')}>
                  <Input
                    value={draft.tenant}
                    onChange={({ target }) => set({ tenant: target.value })}
                    spellCheck={false}
                  />
                </Field>
              </>
            )}
            <Field label="Kind" hint={kindHints[draft.kind]}>
              <Select
                value={draft.kind}
                onValueChange={(value) => set({ kind: kinds.find((kind) => kind === value) ?? 'fixed_window' })}
                options={kinds.map((value) => ({ value, label: kindNames[value] }))}
              />
            </Field>
            <Field label="Subjects are" hint="Users and tenants are compared with reported usage.">
              <Select
                value={draft.subject}
                onValueChange={(value) => set({ subject: value === 'user' || value === 'tenant' ? value : 'other' })}
                options={subjects}
              />
            </Field>
            <Field label={bucket ? 'Points that fit into it' : 'Points per window'} error={errorAt('points')}>
              {number('points')}
            </Field>
            {bucket && (
              <Field label="Points that flow in" error={errorAt('refillPoints')}>
                {number('refillPoints')}
              </Field>
            )}
            <Field label={bucket ? 'per so many seconds' : 'Window (seconds)'} error={errorAt('windowSeconds')}>
              {number('windowSeconds')}
            </Field>
            <p role="alert" className="text-bad empty:hidden sm:col-span-2">
              {shown && !fields.includes(shown.field) && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={save.isPending}>
              {policy ? 'Change limit' : 'Set limit'}
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

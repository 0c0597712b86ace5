'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useDebounced } from '@/components/prompts/use-debounced'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { ShownRules } from '@/server/services/flags/list-flags'
import { CreateFlag, FlagRulesInput } from '@/server/services/flags/flags.schema'
import { Preview } from './flag-preview'

/** `tenant` empty: to be named; null: all. `own` is false where the tenant has no rules yet. */
type Edited = { name: string; revision: number; tenant: string | null; rules: ShownRules; own: boolean }
type Props = { flag?: Edited; onClose: () => void; onDone: (name: string) => void }

const switched = [
  { value: 'on', label: 'On for whom it is meant' },
  { value: 'off', label: 'Off for everybody' },
]
const listOf = (text: string) =>
  text
    .split(/[,\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** Makes a flag, or changes whom it is for; of a change it says first what it would do. */
export function FlagDialog({ flag, onClose, onDone }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => ({
    name: flag?.name ?? '',
    description: '',
    tenant: flag?.tenant ?? '',
    on: flag?.rules.enabled ?? true,
    share: String(flag?.rules.share ?? 0),
    users: flag?.rules.users.join(', ') ?? '',
    groups: flag?.rules.groups.join(', ') ?? '',
    reason: '',
  }))
  const rules = {
    enabled: draft.on,
    share: draft.share.trim() === '' ? NaN : Number(draft.share.replace(',', '.')),
    users: listOf(draft.users),
    groups: listOf(draft.groups),
  }
  const tenant = flag?.tenant === null ? null : draft.tenant.trim() || null
  const known = FlagRulesInput.safeParse(rules)
  const asked = useDebounced(JSON.stringify({ tenant, rules }), 300)
  const onSuccess = ({ name }: { name: string }) => {
    void queryClient.invalidateQueries(trpc.flags.pathFilter())
    toast.done(`${name} is ${flag ? 'changed' : 'made'}`)
    onDone(name)
    onClose()
  }
  const create = useMutation(trpc.flags.create.mutationOptions({ onSuccess }))
  const change = useMutation(trpc.flags.change.mutationOptions({ onSuccess }))
  const { error, isPending } = flag ? change : create
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const shown = wrong ?? (error && { field: (fieldOf(error) ?? '').replace(/^rules\./, ''), message: error.message })
  const errorAt = (field: string) => (shown?.field.split('.')[0] === field ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const made = { name: draft.name.trim(), description: draft.description.trim() || null, ...rules }
    const read = flag ? known : CreateFlag.safeParse(made)
    const [issue] = read.success ? [] : read.error.issues
    const unnamed = flag?.tenant === '' && tenant === null
    setWrong(
      unnamed
        ? { field: 'tenant', message: 'must be given' }
        : issue
          ? { field: String(issue.path[0] ?? ''), message: issue.message }
          : null,
    )
    if (issue || unnamed || isPending) return
    if (flag)
      change.mutate({
        name: flag.name,
        tenant,
        rules,
        expectedRevision: flag.revision,
        reason: draft.reason.trim() || null,
      })
    else create.mutate(made)
  }
  const field = (
    label: string,
    key: 'name' | 'description' | 'tenant' | 'share' | 'users' | 'groups' | 'reason',
    hint?: string,
  ) => (
    <Field label={label} hint={hint} error={errorAt(key)}>
      <Input
        value={draft[key]}
        onChange={({ target }) => setDraft({ ...draft, [key]: target.value })}
        autoComplete="off"
      />
    </Field>
  )
  const fields = ['name', 'description', 'tenant', 'share', 'users', 'groups', 'reason']
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={flag ? `Edit ${flag.name}` : 'New flag'}
        description={
          flag?.tenant == null
            ? 'Named users and groups get it; of all others a share does, always the same ones.'
            : 'These rules hold for the tenant instead of those for all.'
        }
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            {!flag && field('Name', 'name')}
            {!flag && field('Description (optional)', 'description')}
            {flag && flag.tenant !== null && !flag.own && field('Tenant', 'tenant')}
            <div className="grid items-start gap-3 sm:grid-cols-2">
              <Field label="State">
                <Select
                  value={draft.on ? 'on' : 'off'}
                  onValueChange={(value) => setDraft({ ...draft, on: value === 'on' })}
                  options={switched}
                />
              </Field>
              {field('Share (percent)', 'share', 'Of the subjects that are not named')}
            </div>
            {field('Users', 'users', 'With commas between them')}
            {field('Groups', 'groups', 'With commas between them')}
            {flag && field('Reason (optional)', 'reason')}
            {flag && known.success && (flag.tenant === null || flag.own) && <Asked name={flag.name} asked={asked} />}
            <p role="alert" className="text-bad empty:hidden">
              {shown && !fields.includes(shown.field.split('.')[0] ?? '') && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={isPending}>
              {flag ? 'Change flag' : 'Make flag'}
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** The preview of what was typed a moment ago. */
function Asked({ name, asked }: { name: string; asked: string }) {
  const { tenant, rules } = JSON.parse(asked) as { tenant: string | null; rules: ShownRules }
  return FlagRulesInput.safeParse(rules).success ? <Preview name={name} tenant={tenant} rules={rules} /> : null
}

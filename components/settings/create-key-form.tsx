'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { CreateKey, type KeyScope } from '@/server/services/keys/keys.schema'

export interface CreatedKey {
  id: string
  name: string
  key: string
  tenants: string[] | null
}

const scopes = [
  { value: 'app', label: 'Application', hint: 'prompts, usage, cache, sessions' },
  { value: 'operator', label: 'Operator', hint: 'also activates prompts and reads costs' },
]

/** `northwind, contoso` as slugs; nothing means all tenants. */
const tenantsOf = (text: string) => {
  const slugs = text.split(/[\s,]+/).filter(Boolean)
  return slugs.length > 0 ? slugs : null
}

/** Makes a key. While an application is being connected the name is suggested and the scope is clear. */
export function CreateKeyForm({
  submitLabel,
  connecting = false,
  onCreated,
}: {
  submitLabel: string
  connecting?: boolean
  onCreated: (created: CreatedKey) => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState(connecting ? 'My application' : '')
  const [scope, setScope] = useState<KeyScope>('app')
  const [tenants, setTenants] = useState('')
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const create = useMutation(
    trpc.settings.keys.create.mutationOptions({
      onSuccess: ({ id, key }, input) => {
        void queryClient.invalidateQueries(trpc.settings.keys.list.queryFilter())
        onCreated({ id, key, name: input.name, tenants: input.tenants })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const input = CreateKey.safeParse({
      name: name.trim(),
      scope,
      tenants: scope === 'operator' ? null : tenantsOf(tenants),
    })
    const issue = input.error?.issues[0]
    setWrong(issue ? { field: String(issue.path[0]), message: issue.message } : null)
    if (input.success) create.mutate(input.data)
  }
  const refused = create.error && { field: fieldOf(create.error), message: create.error.message }
  const error = wrong ?? refused
  const errorAt = (field: string) => (error?.field?.split('.')[0] === field ? error.message : undefined)
  return (
    <form className="grid gap-3 px-3.5 pb-3.5" onSubmit={submit}>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Field label="Name" error={errorAt('name')}>
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={80} required />
        </Field>
        {!connecting && (
          <Field label="Scope">
            <Select
              value={scope}
              onValueChange={(value) => setScope(value === 'operator' ? 'operator' : 'app')}
              options={scopes}
            />
          </Field>
        )}
        {scope === 'app' && (
          <Field label="Tenants" hint="Slugs, separated by commas. Empty: all tenants." error={errorAt('tenants')}>
            <Input
              value={tenants}
              onChange={(event) => setTenants(event.target.value)}
              placeholder="all tenants"
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
      </div>
      <p role="alert" className="text-bad empty:hidden">
        {error && !error.field && error.message}
      </p>
      <Button type="submit" variant="primary" size="md" className="justify-self-start" pending={create.isPending}>
        {submitLabel}
      </Button>
    </form>
  )
}

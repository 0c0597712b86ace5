'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { OperatorRole } from '@/server/services/operators/operators.schema'
import { LinkDialog } from './link-dialog'

const roles = [
  { value: 'viewer', label: 'Viewer', hint: 'looks' },
  { value: 'operator', label: 'Operator', hint: 'also activates and rolls back' },
  { value: 'admin', label: 'Admin', hint: 'also manages operators and keys' },
]

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<OperatorRole>('viewer')
  const invite = useMutation(
    trpc.settings.operators.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.settings.operators.list.queryFilter()),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ name: name.trim(), email, role })
  }
  if (invite.data) return <LinkDialog name={name} {...invite.data} onClose={onClose} />
  const field = fieldOf(invite.error)
  const errorAt = (at: string) => (field === at ? invite.error?.message : undefined)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title="Invite an operator" description="You get a link to hand over: Engram sends no mail.">
        <form className="grid" onSubmit={submit}>
          <div className="grid gap-3 px-3.5 pt-1 pb-3.5">
            <Field label="Name" error={errorAt('name')}>
              <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={80} required autoFocus />
            </Field>
            <Field label="Email address" error={errorAt('email')}>
              <Input type="email" value={email} onChange={(event) => setEmail(event.target.value)} required />
            </Field>
            <Field label="Role">
              <Select value={role} onValueChange={(value) => setRole(OperatorRole.parse(value))} options={roles} />
            </Field>
            <p role="alert" className="text-bad empty:hidden">
              {invite.error && !field && invite.error.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="primary" size="md" pending={invite.isPending}>
              Make the link
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

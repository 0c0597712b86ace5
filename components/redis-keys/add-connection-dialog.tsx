import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** Adds a Redis that answers; it begins read-only. */
export function AddConnectionDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [address, setAddress] = useState('redis://')
  const [password, setPassword] = useState('')
  const test = useMutation(trpc.redisKeys.testConnection.mutationOptions())
  const add = useMutation(
    trpc.redisKeys.addConnection.mutationOptions({
      onSuccess: ({ version }) => {
        void queryClient.invalidateQueries(trpc.redisKeys.connections.queryFilter())
        toast.done(`${name} is added`, { detail: `${version}, read-only until changes are allowed.` })
        onClose()
      },
    }),
  )
  const input = { name: name.trim() || 'This Redis', address, password: password || null }
  const error = add.error ?? test.error
  const field = fieldOf(error)
  const at = (which: string) => (error && field === which ? error.message : null)
  const forget = () => {
    test.reset()
    add.reset()
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Add a connection"
      description="Any Redis or Valkey that Engram's machines can reach. It is asked once, and added when it answers."
      confirmLabel="Add connection"
      ready={name.trim() !== '' && address.length > 8}
      pending={add.isPending}
      error={error && !['name', 'address', 'password'].includes(field ?? '') ? error.message : null}
      onConfirm={() => {
        forget()
        add.mutate(input)
      }}
    >
      <Field label="Name" error={at('name')}>
        <Input
          value={name}
          onChange={({ target }) => setName(target.value)}
          placeholder="Sessions of the shop"
          autoComplete="off"
        />
      </Field>
      <Field
        label="Address"
        hint="redis://user@host:6379/0, rediss:// for TLS; of a cluster one node, or several separated by commas."
        error={at('address')}
      >
        <Input
          value={address}
          onChange={({ target }) => setAddress(target.value)}
          className="font-mono text-sm"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field
        label="Password (optional)"
        hint="Kept encrypted under AUTH_SECRET, and never shown again."
        error={at('password')}
      >
        <Input
          type="password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          autoComplete="new-password"
        />
      </Field>
      <div className="flex items-center gap-2">
        <Button
          pending={test.isPending}
          disabled={address.length <= 8}
          onClick={() => {
            forget()
            test.mutate(input)
          }}
        >
          Test
        </Button>
        <span role="status" className="text-sm text-muted">
          {test.data && `It answers: ${test.data.version}${test.data.cluster ? ', a cluster' : ''}.`}
        </span>
      </div>
    </ConfirmDialog>
  )
}

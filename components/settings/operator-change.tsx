'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { signInLinkMinutes, type OperatorRole } from '@/server/services/operators/operators.schema'
import { LinkDialog } from './link-dialog'
import type { ListedOperator } from './operator-columns'

export type Change = { kind: 'role'; role: OperatorRole } | { kind: 'disable' | 'enable' | 'link' }

interface Props {
  operator: ListedOperator
  change: Change
  onClose: () => void
}

function wordsOf({ name, role }: ListedOperator, change: Change) {
  switch (change.kind) {
    case 'role':
      return {
        title: `Make ${name} ${change.role}?`,
        description: `${name} is ${role} now. The new role holds from the next request on.`,
        confirmLabel: `Make ${change.role}`,
        done: `${name} is ${change.role} now`,
      }
    case 'disable':
      return {
        title: `Disable ${name}?`,
        description: `Every session of ${name} ends at once, and neither password nor link works any more. What ${name} did stays on record.`,
        confirmLabel: 'Disable',
        done: `${name} is disabled`,
      }
    case 'enable':
      return {
        title: `Let ${name} sign in again?`,
        description: `As ${role}, with the password of before.`,
        confirmLabel: 'Let sign in again',
        done: `${name} can sign in again`,
      }
    case 'link':
      return {
        title: `A sign-in link for ${name}?`,
        description: `Whoever opens it within ${signInLinkMinutes} minutes is signed in as ${name}, once. Hand it over yourself: no mail is sent.`,
        confirmLabel: 'Make the link',
        done: null,
      }
  }
}

/** Asks before it changes an operator, does it, and says so. */
export function OperatorChange({ operator, change, onClose }: Props) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const words = wordsOf(operator, change)
  const options = {
    onSuccess: () => {
      void queryClient.invalidateQueries(trpc.settings.operators.list.queryFilter())
      if (words.done === null) return
      toast.done(words.done)
      onClose()
    },
  }
  const role = useMutation(trpc.settings.operators.setRole.mutationOptions(options))
  const disable = useMutation(trpc.settings.operators.disable.mutationOptions(options))
  const enable = useMutation(trpc.settings.operators.enable.mutationOptions(options))
  const link = useMutation(trpc.settings.operators.createSignInLink.mutationOptions(options))
  const confirm = () => {
    const { id, email } = operator
    if (change.kind === 'role') role.mutate({ id, role: change.role })
    else if (change.kind === 'link') link.mutate({ email })
    else ({ disable, enable })[change.kind].mutate({ id })
  }
  const current = { role, disable, enable, link }[change.kind]
  if (link.data) return <LinkDialog name={operator.name} {...link.data} onClose={onClose} />
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      description={words.description}
      confirmLabel={words.confirmLabel}
      danger={change.kind === 'disable'}
      pending={current.isPending}
      error={current.error?.message}
      onConfirm={confirm}
    />
  )
}

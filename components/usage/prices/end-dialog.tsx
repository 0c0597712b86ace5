'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { Opened } from './opened'

const words = {
  override: {
    title: 'End the override of',
    description:
      'From the next second on the price is what it would be without it. Calls costed with it keep their cost until you re-price them, and it stays in the history.',
    confirm: 'End override',
    done: 'The override is ended',
  },
  alias: {
    title: 'Remove the alias of',
    description:
      'From the next second on the name is matched by itself again. Calls costed before keep their cost until you re-price them, and it stays in the history.',
    confirm: 'Remove alias',
    done: 'The alias is removed',
  },
}

export function EndDialog({
  entry,
  id,
  name,
  onClose,
}: Omit<Extract<Opened, { kind: 'end' }>, 'kind'> & { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { title, description, confirm, done } = words[entry]
  const options = {
    onSuccess: () => {
      void queryClient.invalidateQueries(trpc.prices.pathFilter())
      toast.done(done)
      onClose()
    },
  }
  const override = useMutation(trpc.prices.endOverride.mutationOptions(options))
  const alias = useMutation(trpc.prices.removeAlias.mutationOptions(options))
  const end = { override, alias }[entry]
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${title} ${name}?`}
      description={description}
      confirmLabel={confirm}
      danger
      pending={end.isPending}
      error={end.error?.message}
      onConfirm={() => end.mutate({ id })}
    />
  )
}

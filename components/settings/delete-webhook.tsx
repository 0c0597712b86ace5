'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { ListedWebhook } from '@/server/services/webhooks/list-webhooks'

export function DeleteWebhook({
  webhook: { id, name, url },
  onClose,
}: {
  webhook: ListedWebhook
  onClose: () => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.settings.webhooks.delete.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.settings.webhooks.pathFilter())
        toast.done(`${name} is deleted`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${name}?`}
      description="Its log and what still waits for it go with it. This cannot be undone; switching it off can."
      confirmLabel="Delete webhook"
      danger
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() => remove.mutate({ id })}
    >
      <p className="font-mono text-sm wrap-anywhere">{url}</p>
    </ConfirmDialog>
  )
}

'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Age } from '@/components/feedback/age'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { revocationSeconds } from '@/server/services/keys/keys.schema'
import type { ListedKey } from './key-columns'

export function RevokeKey({ apiKey, onClose }: { apiKey: ListedKey; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.settings.keys.revoke.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.settings.keys.list.queryFilter())
        toast.done(`${apiKey.name} is revoked`, { detail: `Gateways refuse it within ${revocationSeconds} s.` })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke ${apiKey.name}?`}
      description="Whoever uses this key is refused from then on. This cannot be undone; a new key can be made."
      confirmLabel="Revoke key"
      danger
      pending={revoke.isPending}
      error={revoke.error?.message}
      onConfirm={() => revoke.mutate({ id: apiKey.id })}
    >
      <p>
        {apiKey.lastUsedAt ? (
          <>
            It was last used <Age at={apiKey.lastUsedAt} />.
          </>
        ) : (
          'It was never used.'
        )}
      </p>
    </ConfirmDialog>
  )
}

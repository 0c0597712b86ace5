'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ListedNamespace } from '@/server/services/kv/kv-report'
import { storeHints, type StoreName, storeNames, storePhrases } from './kv-words'

const stores: StoreName[] = ['redis', 'unlogged', 'logged']

/** Chooses where a namespace shall live; it moves while applications go on. */
export function MoveDialog({
  namespace: { name, store },
  onClose,
}: {
  namespace: ListedNamespace
  onClose: () => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const others = stores.filter((one) => one !== store)
  const [to, setTo] = useState<StoreName>(others[0] ?? 'logged')
  const move = useMutation(
    trpc.kv.move.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.kv.pathFilter())
        toast.done(`${name} begins to move`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Move ${name}`}
      description={`It lives in ${storePhrases[store]}. Applications go on meanwhile: writes go to both, everything is copied and compared, and then read from the new one. You can cancel until it has switched.`}
      confirmLabel="Move namespace"
      pending={move.isPending}
      error={move.error?.message}
      onConfirm={() => move.mutate({ name, to })}
    >
      <Field label="To" hint={storeHints[to]}>
        <Select
          value={to}
          onValueChange={(value) => setTo(stores.find((one) => one === value) ?? to)}
          options={others.map((value) => ({ value, label: storeNames[value] }))}
        />
      </Field>
    </ConfirmDialog>
  )
}

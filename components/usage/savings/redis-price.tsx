'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { money } from '@/components/format/money'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import { SetRedisPrice } from '@/server/services/usage/savings/savings.schema'

/** What a GiB of Redis costs per month, as an operator enters it; empty takes it back. */
export function RedisPrice({ usdPerGibMonth }: { usdPerGibMonth: string | null }) {
  const mayChange = useMayChange()
  const [open, setOpen] = useState(false)
  if (!mayChange) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        {usdPerGibMonth === null ? 'Enter price' : `${money(usdPerGibMonth)} per GiB`}
      </Button>
      {open && <PriceDialog usdPerGibMonth={usdPerGibMonth} onClose={() => setOpen(false)} />}
    </>
  )
}

function PriceDialog({ usdPerGibMonth, onClose }: { usdPerGibMonth: string | null; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [typed, setTyped] = useState(usdPerGibMonth ?? '')
  const read = SetRedisPrice.safeParse({ usdPerGibMonth: typed.trim() || null })
  const set = useMutation(
    trpc.savings.setRedisPrice.mutationOptions({
      onSuccess: () => {
        toast.done('The price of Redis memory is kept')
        onClose()
        return queryClient.invalidateQueries(trpc.savings.pathFilter())
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title="What a GiB of Redis costs"
      description="Memory times this is taken off what the cache saved. Leave it empty to take it back."
      confirmLabel="Keep"
      ready={read.success}
      pending={set.isPending}
      error={set.error?.message}
      onConfirm={() => read.data && set.mutate(read.data)}
    >
      <Field label="US dollars per GiB and month" error={read.error?.issues[0]?.message}>
        <Input value={typed} inputMode="decimal" onChange={({ target }) => setTyped(target.value)} />
      </Field>
    </ConfirmDialog>
  )
}

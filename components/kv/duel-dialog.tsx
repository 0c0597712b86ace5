'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

const tables = [
  { value: 'unlogged', label: 'An unlogged table' },
  { value: 'logged', label: 'A logged table' },
]
const mixes = [
  { value: '0.8', label: '80 % reads' },
  { value: '0.95', label: '95 % reads' },
  { value: '0.5', label: 'Half reads, half writes' },
  { value: '0', label: 'Writes only' },
]
const sizes = [
  { value: '512', label: '512 bytes' },
  { value: '4096', label: '4 KiB' },
  { value: '65536', label: '64 KiB' },
]

/** Asks for a duel; of stores that are marked as production it asks twice. */
export function DuelDialog({ production, onClose }: { production: string[]; onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [against, setAgainst] = useState<'unlogged' | 'logged'>('unlogged')
  const [mix, setMix] = useState('0.8')
  const [size, setSize] = useState('512')
  const word = production.length > 0 ? production.join(' and ') : undefined
  const start = useMutation(
    trpc.kv.duel.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.kv.pathFilter())
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Start a duel"
      description={`5,000 operations by 8 clients against Redis, then the same against a table: 20 seconds each at most, on keys of their own that are deleted afterwards. Both stores are loaded meanwhile.${word ? ` Marked as production: ${word}.` : ''}`}
      confirmLabel="Start duel"
      typed={word}
      danger={word !== undefined}
      pending={start.isPending}
      error={start.error?.message}
      onConfirm={() =>
        start.mutate({ against, readShare: Number(mix), valueBytes: Number(size), production: word ?? null })
      }
    >
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="Against">
          <Select
            value={against}
            onValueChange={(value) => setAgainst(value === 'logged' ? 'logged' : 'unlogged')}
            options={tables}
          />
        </Field>
        <Field label="Mix">
          <Select value={mix} onValueChange={setMix} options={mixes} />
        </Field>
        <Field label="Values">
          <Select value={size} onValueChange={setSize} options={sizes} />
        </Field>
      </div>
    </ConfirmDialog>
  )
}

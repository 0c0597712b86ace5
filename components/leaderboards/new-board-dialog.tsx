'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { fieldOf } from '@/components/shell/query-client'
import { useScope } from '@/components/shell/search-params'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { CardFooter } from '@/components/ui/card'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { CreateBoard } from '@/server/services/leaderboards/leaderboards.schema'
import { boardHref } from './board-words'

const modes = [
  { value: 'durable', label: 'Durable: ledger first' },
  { value: 'live', label: 'Live: ranking first' },
]

export function NewBoardDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const { scope } = useScope()
  const [draft, setDraft] = useState({ name: '', tenant: scope.tenant ?? '', mode: 'durable' as 'durable' | 'live' })
  const create = useMutation(
    trpc.leaderboards.create.mutationOptions({
      onSuccess: ({ name }) => {
        void queryClient.invalidateQueries(trpc.leaderboards.pathFilter())
        toast.done(`${name} is open`)
        router.push(boardHref({ name, tenant: draft.tenant.trim() || null }))
      },
    }),
  )
  const { error, isPending } = create
  const [wrong, setWrong] = useState<{ field: string; message: string } | null>(null)
  const shown = wrong ?? (error && { field: fieldOf(error) ?? '', message: error.message })
  const errorAt = (name: string) => (shown?.field === name ? shown.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = CreateBoard.safeParse({ ...draft, name: draft.name.trim(), tenant: draft.tenant.trim() || null })
    const [issue] = read.success ? [] : read.error.issues
    setWrong(issue ? { field: String(issue.path[0] ?? ''), message: issue.message } : null)
    if (read.success && !isPending) create.mutate(read.data)
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="New leaderboard"
        description="A board that nobody made begins, durable, with its first score."
      >
        <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
          <div className="grid gap-3 overflow-y-auto px-3.5 pt-1 pb-3">
            <Field label="Name" error={errorAt('name')}>
              <Input
                value={draft.name}
                onChange={({ target }) => setDraft({ ...draft, name: target.value })}
                placeholder="weekly"
              />
            </Field>
            <Field label="Tenant (optional)" hint="Without one it is for all tenants." error={errorAt('tenant')}>
              <Input value={draft.tenant} onChange={({ target }) => setDraft({ ...draft, tenant: target.value })} />
            </Field>
            <Field
              label="Mode"
              hint="Durable answers once the score is in the ledger. Live answers once it is ranked and tells the ledger within a second: what Redis loses in that second is lost."
            >
              <Select
                value={draft.mode}
                onValueChange={(mode) => setDraft({ ...draft, mode: mode === 'live' ? 'live' : 'durable' })}
                options={modes}
              />
            </Field>
            <p role="alert" className="text-bad empty:hidden">
              {shown && !['name', 'tenant'].includes(shown.field) && shown.message}
            </p>
          </div>
          <CardFooter>
            <Button size="md" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" size="md" variant="primary" pending={isPending}>
              Open board
            </Button>
          </CardFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { count } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { ListedBoard } from '@/server/services/leaderboards/list-boards'

/** The verbs of a board, for those who may. */
export function BoardActions({ board, onReconcile }: { board: ListedBoard; onReconcile: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState<'close' | 'mode' | null>(null)
  const again = () => void queryClient.invalidateQueries(trpc.leaderboards.pathFilter())
  const { name, tenant, mode } = board
  const told = (text: string) => ({
    onSuccess: () => {
      again()
      setAsking(null)
      toast.done(text)
    },
  })
  const onError = ({ message }: { message: string }) => toast.failed(message)
  const check = useMutation(trpc.leaderboards.checkNow.mutationOptions({ onSuccess: again, onError }))
  const close = useMutation(trpc.leaderboards.close.mutationOptions(told(`${name} is closed`)))
  const reopen = useMutation(trpc.leaderboards.reopen.mutationOptions({ ...told(`${name} is open again`), onError }))
  const other = mode === 'live' ? 'durable' : 'live'
  const setMode = useMutation(trpc.leaderboards.setMode.mutationOptions(told(`${name} is ${other}`)))
  if (!useMayChange()) return null
  const toggle = (which: typeof asking) => (open: boolean) => setAsking(open ? which : null)
  return (
    <>
      <Button size="md" pending={check.isPending} onClick={() => check.mutate({ name, tenant })}>
        Check now
      </Button>
      {board.closedAt ? (
        <Button size="md" pending={reopen.isPending} onClick={() => reopen.mutate({ name, tenant })}>
          Reopen
        </Button>
      ) : (
        <>
          <Button size="md" onClick={() => setAsking('mode')}>
            Make {other}
          </Button>
          <Button size="md" onClick={() => setAsking('close')}>
            Close
          </Button>
        </>
      )}
      <Button size="md" variant="primary" onClick={onReconcile}>
        Reconcile…
      </Button>
      <ConfirmDialog
        open={asking === 'close'}
        onOpenChange={toggle('close')}
        title={`Close ${name}`}
        description={`Scores are refused from now on; ${count(board.members)} members keep their places. What Redis accepted before is written to the ledger, and then the result is final. It can be reopened.`}
        confirmLabel="Close board"
        pending={close.isPending}
        error={close.error?.message}
        onConfirm={() => close.mutate({ name, tenant })}
      />
      <ConfirmDialog
        open={asking === 'mode'}
        onOpenChange={toggle('mode')}
        title={`Make ${name} ${other}`}
        description={
          other === 'live'
            ? 'Scores are ranked first and written to the ledger within a second. What Redis loses in that second is lost.'
            : 'Scores are answered once they are in the ledger; they need Postgres.'
        }
        confirmLabel={`Make ${other}`}
        pending={setMode.isPending}
        error={setMode.error?.message}
        onConfirm={() => setMode.mutate({ name, tenant, mode: other })}
      />
    </>
  )
}

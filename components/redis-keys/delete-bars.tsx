import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { toast } from '@/components/feedback/toaster'
import { count, countText } from '@/components/format/count'
import { useTRPC } from '@/components/shell/trpc'
import { Bar } from '@/components/ui/bar'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { useMayChange } from '@/components/usage/prices/use-may-change'
import type { ListedDelete } from '@/server/services/redis-keys/delete-pattern'
import { textOf } from './key-words'

const BUSY_MS = 700
const CALM_MS = 15_000

/** Deletions by pattern that go on, and how the last ones ended. `onEnd` is told when one of them is over. */
export function DeleteBars({ names, onEnd }: { names: Map<string, string>; onEnd: () => void }) {
  const trpc = useTRPC()
  const { data } = useQuery(
    trpc.redisKeys.deletes.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.some(({ finishedAt }) => finishedAt === null) ? BUSY_MS : CALM_MS),
    }),
  )
  const running = data?.filter(({ finishedAt }) => finishedAt === null).length ?? 0
  const before = useRef(0)
  useEffect(() => {
    if (running < before.current) onEnd()
    before.current = running
  }, [running, onEnd])
  return data?.map((one) => (
    <DeleteBar key={one.id} one={one} where={names.get(one.connection) ?? 'a removed connection'} />
  ))
}

function DeleteBar({ one, where }: { one: ListedDelete; where: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mayChange = useMayChange()
  const cancel = useMutation(
    trpc.redisKeys.cancelDelete.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries(trpc.redisKeys.deletes.queryFilter()),
      onError: ({ message }) => toast.failed(message),
    }),
  )
  const { id, pattern, scanned, ofKeys, finishedAt, state } = one
  const running = finishedAt === null
  return (
    <div
      role="status"
      className={cn(
        'flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg border border-line px-3.5 py-2',
        running || state === 'failed' ? 'bg-warn-soft' : 'bg-panel',
      )}
    >
      <p className="min-w-48 flex-1 wrap-anywhere">
        {endings[running ? 'running' : state]} <code className="font-mono text-sm">{textOf(pattern, 200)}</code> in{' '}
        {where}: {countsOf(one)}
      </p>
      {running && (
        <>
          <div className="w-32">
            <Bar share={ofKeys === 0 ? 1 : Math.min(1, scanned / ofKeys)} memory="redis" label="Progress" />
          </div>
          {mayChange && (
            <Button pending={cancel.isPending || state === 'cancelled'} onClick={() => cancel.mutate({ id })}>
              Cancel
            </Button>
          )}
        </>
      )}
    </div>
  )
}

const endings = {
  running: 'Deleting',
  done: 'Deleted',
  cancelled: 'Cancelled deleting',
  failed: 'Could not go on deleting',
}

function countsOf({ deleted, spared, scanned, ofKeys, finishedAt, takenOver, problem, by }: ListedDelete): string {
  const parts = [
    `${takenOver ? 'at least ' : ''}${count(deleted)} gone`,
    finishedAt === null && `about ${countText(Math.min(scanned, ofKeys))} of ${countText(ofKeys)} looked at`,
    spared > 0 && `${count(spared)} of Engram’s own left alone`,
    problem,
    `asked for by ${by}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

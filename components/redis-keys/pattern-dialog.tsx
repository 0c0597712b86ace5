import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toast } from '@/components/feedback/toaster'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { textOf } from './key-words'

const CHARACTERS = 200

/** Counts what a pattern matches, then deletes it: nobody can take that back, so its number is typed. */
export function PatternDialog({
  connection,
  name,
  pattern,
  onClose,
}: {
  connection: string
  /** Of the connection. */
  name: string
  /** base64url */
  pattern: string
  onClose: () => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const counted = usePreview({ connection, pattern })
  const { matched, complete, refused } = counted
  const start = useMutation(
    trpc.redisKeys.deletePattern.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.redisKeys.deletes.queryFilter())
        toast.note('The deletion begins', { detail: 'How far it is stands above the keys.' })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Delete all keys that match"
      description={`In ${name}, for good: there is no undo. Keys that match and are made while it goes on are deleted too.`}
      confirmLabel={complete ? `Delete ${count(matched)}` : `Delete at least ${count(matched)}`}
      typed={matched > 0 ? String(matched) : undefined}
      danger
      ready={matched > 0 && !counted.counting}
      pending={start.isPending}
      error={start.error?.message ?? counted.error}
      onConfirm={() => start.mutate({ connection, pattern })}
    >
      <p className="max-h-24 overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-sm wrap-anywhere">
        {textOf(pattern, 400)}
      </p>
      {refused ? <p role="alert">{refused}</p> : <Preview counted={counted} />}
    </ConfirmDialog>
  )
}

/** Steps of counting, one after the other until all were looked at or somebody stops. */
function usePreview(input: { connection: string; pattern: string }) {
  const [stopped, setStopped] = useState(false)
  const query = useInfiniteQuery(
    useTRPC().redisKeys.previewDelete.infiniteQueryOptions(input, {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      staleTime: 0,
      gcTime: 0,
      retry: false,
      meta: { still: true },
    }),
  )
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  const counting = !isError && !stopped && (data === undefined || hasNextPage)
  useEffect(() => {
    if (counting && data !== undefined && !isFetching) void fetchNextPage()
  }, [counting, data, isFetching, fetchNextPage])
  const pages = data?.pages ?? []
  const sum = (of: 'matched' | 'spared' | 'looked') => pages.reduce((total, page) => total + page[of], 0)
  const [first, last] = [pages[0], pages.at(-1)]
  const total = last?.total ?? 0
  return {
    matched: sum('matched'),
    spared: sum('spared'),
    looked: last?.next === null ? total : Math.min(sum('looked'), total),
    total,
    sample: pages.flatMap((page) => page.sample).slice(0, 8),
    refused: first?.refused ?? null,
    complete: last !== undefined && last.next === null,
    counting,
    stop: () => setStopped(true),
    error: query.error?.message,
  }
}

function Preview({ counted }: { counted: ReturnType<typeof usePreview> }) {
  const { matched, spared, looked, total, sample, complete, counting, stop } = counted
  return (
    <div className="grid gap-1.5 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="flex-1">
          <b className="font-medium">
            {complete ? '' : 'At least '}
            {count(matched)} {matched === 1 ? 'key' : 'keys'}
          </b>
          {complete
            ? `; all ${count(total)} were looked at.`
            : `; about ${total === 0 ? '0 %' : percentText(looked / total)} of ${count(total)} were looked at.`}
        </p>
        {counting && <Button onClick={stop}>Stop counting</Button>}
      </div>
      {spared > 0 && <p>{count(spared)} more match but are Engram’s own, by their names: those stay.</p>}
      {sample.length > 0 && (
        <ul className="text-muted">
          {sample.map((key) => (
            <li key={key} className="truncate font-mono">
              {textOf(key, CHARACTERS)}
            </li>
          ))}
          {matched > sample.length && <li>and {count(matched - sample.length)} more</li>}
        </ul>
      )}
    </div>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { count } from '@/components/format/count'
import { percentText } from '@/components/format/percent'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { sessionsText } from './session-words'
import type { FamilyPlace } from './use-foreign-list'
import { useLogOut } from './use-log-out'

/** So many at once are confirmed by typing their number. */
const MANY = 20

/** Counts first what would go, step by step, then logs it out. */
export function ForeignLogOutDialog({
  of,
  user,
  redis,
  onClose,
}: {
  of: FamilyPlace
  user: string | null
  /** The name of the connection. */
  redis: string
  onClose: () => void
}) {
  const { logOutForeign } = useLogOut()
  const counted = useCount(of, user)
  const { matched, counting, error } = counted
  const whose = user === null ? `Every session of ${of.family}` : `Sessions of ${of.family} whose user is ${user}`
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={user === null ? 'Log out everyone' : 'Log out all of this user'}
      description={`${whose}, in ${redis}: they are taken from under their names at once. Undo is offered for 30 s.`}
      confirmLabel={counting ? 'Log out' : `Log out ${count(matched)}`}
      typed={user === null ? 'everyone' : matched > MANY ? String(matched) : undefined}
      danger
      ready={!counting && matched > 0}
      pending={logOutForeign.isPending}
      error={logOutForeign.error?.message ?? error}
      onConfirm={() =>
        logOutForeign.mutate({ ...of, keys: null, user, everything: user === null }, { onSuccess: onClose })
      }
    >
      <div aria-live="polite" className="min-w-0 rounded-md bg-sunken px-2.5 py-1.5 text-sm">
        <Counted counted={counted} />
      </div>
    </ConfirmDialog>
  )
}

/** Steps of counting, one after the other until all were looked at. */
function useCount(of: FamilyPlace, user: string | null) {
  const query = useInfiniteQuery(
    useTRPC().sessions.foreign.count.infiniteQueryOptions(
      { ...of, user },
      {
        getNextPageParam: ({ next }) => next,
        initialCursor: null,
        staleTime: 0,
        gcTime: 0,
        retry: false,
        meta: { still: true },
      },
    ),
  )
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  const counting = !isError && (data === undefined || hasNextPage)
  useEffect(() => {
    if (counting && data !== undefined && !isFetching) void fetchNextPage()
  }, [counting, data, isFetching, fetchNextPage])
  const pages = data?.pages ?? []
  const sum = (of: (page: (typeof pages)[number]) => number) => pages.reduce((total, page) => total + of(page), 0)
  return {
    counting,
    error: query.error?.message,
    matched: sum(({ matched }) => matched),
    forGood: sum(({ forGood }) => forGood),
    looked: sum(({ looked }) => looked),
    total: pages.at(-1)?.total ?? 0,
    sample: pages.flatMap(({ sample }) => sample).slice(0, 5),
  }
}

function Counted({ counted }: { counted: ReturnType<typeof useCount> }) {
  const { counting, error, matched, forGood, looked, total, sample } = counted
  if (error) return 'Nothing was changed.'
  return (
    <>
      <p>
        <b className="font-medium">{sessionsText(matched)}</b>{' '}
        {counting
          ? `so far; about ${percentText(total === 0 ? 0 : Math.min(1, looked / total))} of the keys looked at`
          : `found; all ${count(total)} keys looked at`}
        .
      </p>
      {forGood > 0 && (
        <p>
          <b className="font-medium">{count(forGood)} go for good</b>: larger than 1 MB, or without a place to wait in
          this cluster.
        </p>
      )}
      <ul className="mt-1 text-muted">
        {sample.map(({ key, name, user }) => (
          <li key={key} className="wrap-anywhere">
            <code>{name}</code> {user !== null && `· ${user}`}
          </li>
        ))}
        {matched > sample.length && <li>and {count(matched - sample.length)} more</li>}
      </ul>
    </>
  )
}

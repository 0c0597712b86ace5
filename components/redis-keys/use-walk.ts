import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** A Redis of so few keys is walked to its end without being asked: a few steps. */
const FEW = 50_000

type Step = { looked: number; total: number; next: string | null; asOf: string }
export type WalkQuery = UseInfiniteQueryResult<{ pages: Step[] }, { message: string }>

/** How far a walk has come whose steps a query asks for: one now, the others as they are wanted. It keeps `most` of what is found. */
export function useWalk(
  query: WalkQuery,
  { identity, found, most }: { identity: string; found: number; most: number },
) {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  const full = found >= most
  /** Which walk shall go on by itself: another one begins anew and waits. */
  const [said, setSaid] = useState<{ of: string; goOn: boolean } | null>(null)
  const last = data?.pages.at(-1)
  const wanted = said?.of === identity ? said.goOn : last !== undefined && last.total <= FEW
  const going = wanted && hasNextPage && !isError && !full
  useEffect(() => {
    if (going && !isFetching) void fetchNextPage()
  }, [going, isFetching, fetchNextPage])
  const looked = (data?.pages ?? []).reduce((sum, page) => sum + page.looked, 0)
  const total = last?.total ?? 0
  return {
    full,
    most,
    going,
    total,
    isFetching,
    asOf: last?.asOf,
    complete: last !== undefined && last.next === null,
    /** About how many keys were looked at. */
    looked: last?.next === null ? total : Math.min(looked, total),
    goOn: () => void fetchNextPage(),
    goToTheEnd: () => setSaid({ of: identity, goOn: true }),
    stop: () => setSaid({ of: identity, goOn: false }),
  }
}
export type Walk = ReturnType<typeof useWalk>

import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'

/** A Redis of so few keys is walked to its end without being asked: a few steps. */
const FEW = 50_000

type Step = { looked: number; total: number; next: string | null; asOf: string }
type WalkQuery<S extends Step> = UseInfiniteQueryResult<{ pages: S[] }, { message: string }>

/** How the steps of a walk are asked for: never by themselves, and never again. */
export const stepByStep = {
  getNextPageParam: ({ next }: Step) => next,
  initialCursor: null,
  meta: { still: true },
  staleTime: Infinity,
  retry: false,
}

/**
 * A walk whose steps a query asks for: one now, the others as they are wanted. What the steps found is kept once by its key, up
 * to `most`; `foundIn` must be the same function each time.
 */
export function useWalk<S extends Step, Found extends { key: string }>(
  query: WalkQuery<S>,
  { identity, foundIn, most }: { identity: string; foundIn: (step: S) => Found[]; most: number },
) {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  const found = useMemo(() => {
    const byKey = new Map<string, Found>()
    for (const step of data?.pages ?? []) for (const one of foundIn(step)) byKey.set(one.key, one)
    return [...byKey.values()]
  }, [data, foundIn])
  const full = found.length >= most
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
    found,
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
export type Walk = Omit<ReturnType<typeof useWalk>, 'found'>

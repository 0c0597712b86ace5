import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import type { FoundKey } from './prepare-tree'
import { type KeysParams, scanInputOf } from './keys-params'
import { useWalk } from './use-walk'

/** The browser keeps so many names; more want a narrower pattern. */
export const MOST_KEPT = 20_000

/** A walk through the keys that match, step by step: one now, the others as they are asked for. */
export function useScan(params: KeysParams) {
  const trpc = useTRPC()
  const input = scanInputOf(params)
  const identity = JSON.stringify(input)
  const query = useInfiniteQuery(
    trpc.redisKeys.scan.infiniteQueryOptions(input, {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      meta: { still: true },
      staleTime: Infinity,
      retry: false,
    }),
  )
  const { data } = query
  const found = useMemo(() => {
    const byKey = new Map<string, FoundKey>()
    for (const page of data?.pages ?? []) for (const one of page.keys) byKey.set(one.key, one)
    return [...byKey.values()]
  }, [data])
  return { query, found, ...useWalk(query, { identity, found: found.length, most: MOST_KEPT }) }
}
export type Scan = ReturnType<typeof useScan>

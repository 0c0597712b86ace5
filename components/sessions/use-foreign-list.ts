import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { useWalk } from '@/components/redis-keys/use-walk'
import type { ListedForeign } from '@/server/services/sessions/foreign/list-foreign'

/** The browser keeps so many sessions; more want a user to be named. */
const MOST_KEPT = 1_000

/** A family of other software, in one Redis. */
export type FamilyPlace = { connection: string; family: string }

/** Its sessions, step by step. */
export function useForeignList(of: FamilyPlace, user: string | null) {
  const input = { ...of, user }
  const query = useInfiniteQuery(
    useTRPC().sessions.foreign.list.infiniteQueryOptions(input, {
      getNextPageParam: ({ next }) => next,
      initialCursor: null,
      meta: { still: true },
      staleTime: Infinity,
      retry: false,
    }),
  )
  const { data } = query
  const sessions = useMemo(() => {
    const byKey = new Map<string, ListedForeign>()
    for (const page of data?.pages ?? []) for (const one of page.sessions) byKey.set(one.key, one)
    return [...byKey.values()]
  }, [data])
  const others = (data?.pages ?? []).reduce((sum, page) => sum + page.others, 0)
  const walk = useWalk(query, { identity: JSON.stringify(input), found: sessions.length, most: MOST_KEPT })
  return { query, sessions, others, walk }
}

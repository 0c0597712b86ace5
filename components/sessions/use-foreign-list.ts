import { useInfiniteQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { stepByStep, useWalk } from '@/components/redis-keys/use-walk'
import type { ListedForeign } from '@/server/services/sessions/foreign/list-foreign'

/** The browser keeps so many sessions; more want a user to be named. */
const MOST_KEPT = 1_000

/** A family of other software, in one Redis. */
export type FamilyPlace = { connection: string; family: string }

const foundIn = ({ sessions }: { sessions: ListedForeign[] }) => sessions

/** Its sessions, step by step. */
export function useForeignList(of: FamilyPlace, user: string | null) {
  const input = { ...of, user }
  const query = useInfiniteQuery(useTRPC().sessions.foreign.list.infiniteQueryOptions(input, stepByStep))
  const { found, ...walk } = useWalk(query, { identity: JSON.stringify(input), foundIn, most: MOST_KEPT })
  const others = (query.data?.pages ?? []).reduce((sum, page) => sum + page.others, 0)
  return { query, sessions: found, others, walk }
}

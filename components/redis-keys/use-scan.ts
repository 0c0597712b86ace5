import { useInfiniteQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import type { FoundKey } from './prepare-tree'
import { type KeysParams, scanInputOf } from './keys-params'
import { stepByStep, useWalk } from './use-walk'

/** The browser keeps so many names; more want a narrower pattern. */
export const MOST_KEPT = 20_000

const foundIn = ({ keys }: { keys: FoundKey[] }) => keys

/** A walk through the keys that match, step by step: one now, the others as they are asked for. */
export function useScan(params: KeysParams) {
  const input = scanInputOf(params)
  const query = useInfiniteQuery(useTRPC().redisKeys.scan.infiniteQueryOptions(input, stepByStep))
  return { query, ...useWalk(query, { identity: JSON.stringify(input), foundIn, most: MOST_KEPT }) }
}
export type Scan = ReturnType<typeof useScan>

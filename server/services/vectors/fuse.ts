import type { Nearest } from '@/db/postgres/queries/vectors-search'

/** Cormack, Clarke and Büttcher, SIGIR 2009: k = 60 "was near-optimal, but the choice is not critical". */
const RRF_K = 60

/** Reciprocal rank fusion: an item scores the sum of 1 / (60 + rank) over the lists that it is in; ties by id. */
export function fuse(lists: readonly (readonly Nearest[])[], k: number): Nearest[] {
  const scored = new Map<string, { item: Nearest; score: number }>()
  for (const list of lists)
    for (const [place, item] of list.entries()) {
      const score = (scored.get(item.id)?.score ?? 0) + 1 / (RRF_K + place + 1)
      scored.set(item.id, { item, score })
    }
  return [...scored.values()]
    .sort((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1))
    .slice(0, k)
    .map(({ item }) => item)
}

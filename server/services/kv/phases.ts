import type { KvNamespace } from '@/db/postgres/queries/kv-namespaces'
import type { KvStore } from '@/db/postgres/schema/kv'

/**
 * How a namespace moves. Every gateway acts on a copy of its row that is at most LEASE_MS old, so that a phase is known to all
 * once it is PHASE_SETTLES_MS old: the lease, what a write may take until it is answered (3.1 s), and some more.
 *
 * | phase      | read from | written to | meanwhile the worker                                                      |
 * | settled    | store     | store      |                                                                           |
 * | preparing  | store     | both       | waits until all write both                                                |
 * | copying    | store     | both       | makes every entry of the other store what the first one has               |
 * | verifying  | store     | both       | compares both ways, and puts right; once more where something differed    |
 * | switching  | (swapped) | both       | waits until all read the new store                                        |
 * | cleaning   | store     | store      | waits until all write it alone, empties the old one                       |
 * | cancelling | store     | store      | the same, with the one that it was moved to                               |
 *
 * Who writes both, and the worker, hold the lock of the key meanwhile (lockKvKeys): what was acknowledged is in both.
 */
export const LEASE_MS = 1_000
export const PHASE_SETTLES_MS = 5_000

export type Place = Pick<KvNamespace, 'store' | 'other' | 'phase'>

/** The stores that a write goes to: the one that is read first. */
export function writtenTo({ store, other, phase }: Place): [KvStore, ...KvStore[]] {
  switch (phase) {
    case 'preparing':
    case 'copying':
    case 'verifying':
    case 'switching':
      return other === null ? [store] : [store, other]
    case 'settled':
    case 'cleaning':
    case 'cancelling':
      return [store]
  }
}

export const mayCancel = ({ phase }: Place) => phase === 'preparing' || phase === 'copying' || phase === 'verifying'

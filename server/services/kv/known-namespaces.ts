import { type KvNamespace, selectNamespaces } from '@/db/postgres/queries/kv-namespaces'
import { AppError } from '@/server/errors'
import type { Stores } from '@/server/services/context'
import { LEASE_MS } from './phases'

type Copy = { readAt: number; byName: Map<string, KvNamespace> }

/** The process' own copy of where every namespace lives. */
export function knownNamespaces({ db }: Pick<Stores, 'db'>, now: () => number = () => performance.now()) {
  let copy: Copy | null = null
  let reading: Promise<Copy> | null = null

  const read = () =>
    (reading ??= (async () => {
      // Before the question: what changes while it is under way may be missing in the answer.
      const readAt = now()
      const rows = await selectNamespaces(db)
      return (copy = { readAt, byName: new Map(rows.map((row) => [row.name, row])) })
    })().finally(() => (reading = null)))

  const inLease = () => (copy && now() - copy.readAt < LEASE_MS ? copy : null)

  return {
    /** For reads: while Postgres does not answer the last copy holds (R5). */
    find: async (name: string): Promise<KvNamespace | null> => {
      try {
        return (inLease() ?? (await read())).byName.get(name) ?? null
      } catch (error) {
        if (!copy) throw error
        return copy.byName.get(name) ?? null
      }
    },
    /** For writes: never older than the lease, for a move relies on it. @throws AppError `unavailable` without Postgres. */
    findSurely: async (name: string): Promise<KvNamespace | null> => {
      const known = inLease() ?? (await read())
      if (now() - known.readAt >= LEASE_MS)
        throw new AppError('unavailable', 'Where this namespace lives could not be checked in time; try again.')
      return known.byName.get(name) ?? null
    },
    /** A namespace was registered. */
    forget: () => void (copy = null),
  }
}

export type KnownNamespaces = ReturnType<typeof knownNamespaces>

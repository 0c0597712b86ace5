import { type LimitPolicy, selectPolicies } from '@/db/postgres/queries/limits'
import type { Invalidations } from '@/db/redis/invalidations'
import type { Stores } from '@/server/services/context'

/** Without a word that something changed the copy is read again after this long. */
const FRESH_MS = 2_000

type Copy = { readAt: number; byName: Map<string, LimitPolicy> }
const findIn = ({ byName }: Copy, name: string, tenant: string) =>
  (tenant === '' ? undefined : byName.get(nameOf(name, tenant))) ?? byName.get(nameOf(name, null)) ?? null
const nameOf = (name: string, tenant: string | null) => `${tenant ?? ''} ${name}`

/**
 * The process' own copy of all policies: read again when a change is heard of, and every two seconds. While Postgres does
 * not answer the last copy holds (R5).
 */
export function limitPolicies({ db }: Pick<Stores, 'db'>, invalidations: Pick<Invalidations, 'listen'>) {
  let copy: Copy | null = null
  let changes = 0
  let reading: { since: number; copy: Promise<Copy> } | null = null

  const read = (): Promise<Copy> => {
    if (reading?.since === changes) return reading.copy
    const since = changes
    const asked = selectPolicies(db).then((policies) => {
      const fresh = {
        readAt: since === changes ? Date.now() : 0,
        byName: new Map(policies.map((policy) => [nameOf(policy.name, policy.tenant), policy])),
      }
      copy = fresh
      return fresh
    })
    reading = { since, copy: asked }
    const end = () => {
      if (reading?.copy === asked) reading = null
    }
    asked.then(end, end)
    return asked
  }

  /** Begun after it was asked for; whoever asks while one is under way shares the next, so that there is one at a time. */
  let next: Promise<Copy> | null = null
  const readAnew = (): Promise<Copy> =>
    (next ??= Promise.allSettled([reading?.copy]).then(() => {
      next = null
      changes++
      return read()
    }))

  async function current(): Promise<Copy> {
    if (copy && Date.now() - copy.readAt < FRESH_MS) return copy
    try {
      return await read()
    } catch (error) {
      if (!copy) throw error
      return copy
    }
  }

  const stale = () => {
    changes++
    if (copy) copy.readAt = 0
  }
  const close = invalidations.listen({
    invalidated: ({ family }) => {
      if (family === 'limits') stale()
    },
    lost: stale,
  })

  return {
    /**
     * The tenant's own policy of that name, or else everybody's; null where there is neither. One that is not in the copy may
     * have been made a moment ago: that is asked of Postgres itself.
     */
    find: async (name: string, tenant: string): Promise<LimitPolicy | null> =>
      findIn(await current(), name, tenant) ?? findIn(await readAnew(), name, tenant),
    close,
  }
}

export type LimitPolicies = ReturnType<typeof limitPolicies>

import { type FirstCall, updateKeyUses } from '@/db/postgres/queries/keys'
import type { Stores } from '@/server/services/context'

type Use = { lastUsedAt: Date; firstCallAt: Date | null; firstCall: FirstCall | null }

/**
 * Gathers uses of keys in the process and writes them in one statement per `flush`, which the gateway calls every
 * few seconds and before it ends. `call` tells of a data call (usage, prompt, cache); the first one ever is kept.
 */
export function keyUses({ db }: Pick<Stores, 'db'>) {
  let pending = new Map<string, Use>()

  const note = (id: string, call?: FirstCall, at = new Date()) => {
    const before = pending.get(id)
    const firstCall = before?.firstCall ?? call ?? null
    const firstCallAt = before?.firstCallAt ?? (call ? at : null)
    pending.set(id, { lastUsedAt: at, firstCallAt, firstCall })
  }

  const flush = async () => {
    if (pending.size === 0) return
    const uses = pending
    pending = new Map()
    try {
      await touchKeys(db, uses)
    } catch (error) {
      for (const [id, use] of uses) pending.set(id, { ...use, ...pickNewer(pending.get(id), use) })
      throw error
    }
  }

  return { note, flush }
}

/** Sets when keys were last used and, once, what their first data call was. */
export async function touchKeys(db: Stores['db'], uses: ReadonlyMap<string, Use>): Promise<void> {
  await updateKeyUses(
    db,
    [...uses].map(([id, use]) => ({ id, ...use })),
  )
}

/** What stays pending when a write failed: the earlier first call and the later use. */
const pickNewer = (later: Use | undefined, earlier: Use) => ({
  lastUsedAt: later?.lastUsedAt ?? earlier.lastUsedAt,
  firstCall: earlier.firstCall ?? later?.firstCall ?? null,
  firstCallAt: earlier.firstCallAt ?? later?.firstCallAt ?? null,
})

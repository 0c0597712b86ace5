import { confirmApplied, type Confirmation, confirmRevisions } from '@/db/postgres/queries/confirmations'
import type { Invalidations } from '@/db/redis/invalidations'
import type { Stores } from '@/server/services/context'

/** What waits for Postgres at most; beyond it the oldest go, and a later revision confirms what they would have. */
const MOST_WAITING = 10_000
const MOST_AT_ONCE = 2_000

/**
 * Which revisions processes serve: this gateway, told by its invalidations, and the SDKs that say so themselves. It only
 * gathers; `flush` writes, so that no read ever waits for it. Listen after the copies: they are dropped by then.
 */
export function promptConfirmations(
  { db }: Pick<Stores, 'db'>,
  invalidations: Pick<Invalidations, 'live' | 'listen'>,
  gateway: string,
) {
  const waiting = new Map<string, Confirmation>()
  /** The copies were dropped, or what they were dropped for was forgotten here: all that Redis knows is served. */
  let all = false

  const add = (confirmation: Confirmation) => {
    const key = keyOf(confirmation)
    if ((waiting.get(key)?.revision ?? 0) >= confirmation.revision) return
    waiting.delete(key)
    waiting.set(key, confirmation)
    const [oldest] = waiting.values()
    if (waiting.size <= MOST_WAITING || !oldest) return
    waiting.delete(keyOf(oldest))
    all ||= oldest.process === gateway
  }

  const stopListening = invalidations.listen({
    invalidated(message) {
      if (message.family !== 'prompts') return
      const { name, channel, revision } = message
      add({ process: gateway, keyId: null, name, channel, revision })
    },
    lost: () => {},
    regained: () => void (all = true),
  })

  const flush = async () => {
    if (all && invalidations.live()) {
      await confirmApplied(db, gateway)
      all = false
    }
    const next = [...waiting.values()].slice(0, MOST_AT_ONCE)
    await confirmRevisions(db, next)
    for (const written of next) if (waiting.get(keyOf(written)) === written) waiting.delete(keyOf(written))
  }

  return { add, flush, close: () => void stopListening() }
}

const keyOf = ({ process, keyId, name, channel }: Confirmation) => JSON.stringify([process, keyId, channel, name])

export type PromptConfirmations = ReturnType<typeof promptConfirmations>

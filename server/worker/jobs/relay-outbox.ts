import { claimDueNotes, markApplied, markDone, noteFailure, type PendingAny } from '@/db/postgres/queries/outbox'
import type { Stores } from '@/server/services/context'
import { tellRedisOfFlag } from '@/server/services/flags/apply-flag'
import { tellRedis } from '@/server/services/prompts/apply-activation'

const NOTES_PER_RUN = 100

/**
 * Tells Redis of activations and changes of flags whose own process did not get to it (R3, R4). Repeats are harmless, so a note is told at
 * least once. While Redis is down nothing is attempted: what waits is due the moment that it answers again.
 */
export async function relayOutbox(stores: Stores): Promise<number> {
  if (!stores.redis.healthy()) return 0
  const notes = await claimDueNotes(stores.db, { limit: NOTES_PER_RUN })
  if (notes.length === 0) return 0
  const outcomes = await Promise.allSettled(
    notes.map((one) => ('flag' in one ? tellRedisOfFlag(stores, one.flag) : tellRedis(stores, one.note))),
  )
  const told: PendingAny[] = []
  const failed: number[] = []
  let error = ''
  outcomes.forEach((outcome, index) => {
    const note = notes[index]
    if (!note) return
    if (outcome.status === 'fulfilled') return void told.push(note)
    failed.push(note.id)
    error = String(outcome.reason)
  })
  const flags = told.filter((one) => 'flag' in one)
  const activations = told.filter((one) => 'note' in one)
  if (activations.length > 0) await markApplied(stores.db, activations)
  if (flags.length > 0)
    await markDone(
      stores.db,
      flags.map(({ id }) => id),
    )
  if (failed.length > 0) await noteFailure(stores.db, { ids: failed, error })
  return told.length
}

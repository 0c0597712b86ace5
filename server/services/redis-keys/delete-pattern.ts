import {
  cancelPatternDelete,
  finishPatternDelete,
  insertPatternDelete,
  notePatternDelete,
  type PatternDeleteRow,
  selectPatternDeletes,
  troublePatternDelete,
} from '@/db/postgres/queries/redis-pattern-deletes'
import { countKeys, LostPlaceError, walkKeys } from '@/db/redis/key-scan'
import { AppError } from '@/server/errors'
import { change, requireRole } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import { mayMatchPrefix } from './glob'
import { isEngrams } from './key-family'
import { keyText } from './key-text.schema'
import type { DeletePattern, PatternDeleteId } from './redis-keys.schema'
import { askRedis, OWN, redisOf } from './redis-of'

const ENGRAMS = Buffer.from('engram:')
const LISTED = 10
const TELL_EVERY_MS = 300
/** UNLINK frees in the background; so many names go out together, each by a command of its own. */
const AT_ONCE = 100
const MOST_WALKS = 3
/** One that was over longer ago is no longer shown. */
const SHOWN_MS = 10 * 60_000

/** Why a pattern is not deleted from here; null where it may be. In Engram's own Redis its own keys are never at risk. */
export function patternRefused(connection: string, pattern: Buffer): string | null {
  if (connection !== OWN || !mayMatchPrefix(pattern, ENGRAMS)) return null
  return 'This pattern may match names that begin with engram:, which are Engram’s own. Narrow it: let it begin with what yours begin with.'
}

/** Begins to delete every key that matches; the worker does it. @throws AppError `bad_request` for a pattern that is refused */
export async function deletePattern(caller: Caller, { connection, pattern }: DeletePattern): Promise<{ id: string }> {
  requireRole(caller.actor, 'redis.delete-by-pattern')
  const bytes = Buffer.from(pattern, 'base64url')
  const because = patternRefused(connection, bytes)
  if (because) throw new AppError('bad_request', `pattern: ${because}`, { field: 'pattern' })
  const opened = await redisOf(caller, connection)
  if (!opened.writable)
    throw new AppError('forbidden', `${opened.name} is read-only here until an admin allows changes.`)
  const ofKeys = await askRedis(opened, () => countKeys(opened.redis))
  return change(caller, 'redis.delete-by-pattern', async (tx) => {
    const by = caller.actor.name
    const { id } = await insertPatternDelete(tx, { connectionId: connection, pattern, ofKeys, by })
    return { result: { id }, audit: { target: `${opened.name}: ${keyText(bytes, 200)}`, after: { id, ofKeys } } }
  })
}

/** Stops a deletion at its next step; what is deleted by then stays so. @throws AppError `not_found` */
export async function cancelDelete(caller: Caller, { id }: PatternDeleteId): Promise<{ id: string }> {
  return change(caller, 'redis.cancel-delete', async (tx) => {
    const row = await cancelPatternDelete(tx, id)
    if (!row) throw new AppError('not_found', 'There is no such deletion under way.', { field: 'id' })
    return { result: { id }, audit: { target: `deletion ${id}`, before: { deleted: row.deleted } } }
  })
}

/** Deletions under way, and those that ended lately. */
export async function listDeletes({ db }: Pick<Stores, 'db'>, now = Date.now()) {
  const rows = await selectPatternDeletes(db, { limit: LISTED })
  return rows
    .filter(({ finishedAt }) => finishedAt === null || now - finishedAt.getTime() < SHOWN_MS)
    .map(
      ({ id, connectionId, pattern, state, scanned, ofKeys, deleted, spared, problem, by, finishedAt, takenOver }) => ({
        ...{ id, connection: connectionId, pattern, state, scanned, ofKeys, deleted, spared, problem, by, takenOver },
        finishedAt: finishedAt?.toISOString() ?? null,
      }),
    )
}
export type ListedDelete = Awaited<ReturnType<typeof listDeletes>>[number]

/**
 * Goes on with a deletion until it is over, cancelled, or `untilMs` (epoch) has come. Every few hundred milliseconds it
 * writes down where it stands, and another worker goes on from there; because a place is less sure on a server that was
 * begun anew meanwhile, one that was taken over walks once more until it finds nothing.
 */
export async function runDelete(
  stores: Stores,
  row: PatternDeleteRow,
  { untilMs }: { untilMs: number },
): Promise<void> {
  try {
    await walk(stores, row, untilMs)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // What may pass is tried again; what was removed or forbidden meanwhile will not.
    if (error.code === 'unavailable') await troublePatternDelete(stores.db, row.id, error.message)
    else await finishPatternDelete(stores.db, row.id, error.message)
  }
}

async function walk(stores: Stores, row: PatternDeleteRow, untilMs: number): Promise<void> {
  const opened = await redisOf(stores, row.connectionId)
  if (!opened.writable) throw new AppError('forbidden', `${opened.name} is read-only by now.`)
  const pattern = Buffer.from(row.pattern, 'base64url')
  let { cursor, walks, scanned } = row
  for (;;) {
    let [deleted, spared, ofThisWalk, toldAt] = [0, 0, 0, Date.now()]
    const tell = async () => {
      const goesOn = await notePatternDelete(stores.db, row.id, { cursor, walks, scanned, deleted, spared })
      ;[deleted, spared, toldAt] = [0, 0, Date.now()]
      return goesOn
    }
    if (!(await tell())) return finishPatternDelete(stores.db, row.id, null)
    const step = async (): Promise<boolean> => {
      for await (const { keys, node, cursor: next, looked } of walkKeys(opened.redis, { pattern, cursor })) {
        const mine = keys.filter(({ name }) => !isEngrams(name))
        for (let at = 0; at < mine.length; at += AT_ONCE) {
          const gone = await Promise.all(mine.slice(at, at + AT_ONCE).map(({ name }) => node.unlink(name)))
          deleted += gone.reduce((sum, one) => sum + one, 0)
        }
        ofThisWalk += mine.length
        spared += keys.length - mine.length
        scanned += looked
        cursor = next
        if (Date.now() - toldAt < TELL_EVERY_MS) continue
        if (!(await tell())) return false
        if (Date.now() >= untilMs) return false
      }
      return true
    }
    const whole = await askRedis(opened, step).catch((error: unknown) => {
      if (error instanceof LostPlaceError) return 'lost' as const
      throw error
    })
    // A place that is lost is no end: the next walk begins anew.
    if (whole === 'lost') cursor = null
    const goesOn = await tell()
    if (!goesOn) return finishPatternDelete(stores.db, row.id, null)
    if (!whole) return
    if (walks >= MOST_WALKS || (whole === true && (!row.takenOver || ofThisWalk === 0)))
      return finishPatternDelete(stores.db, row.id, null)
    ;[cursor, scanned, walks] = [null, 0, walks + 1]
  }
}

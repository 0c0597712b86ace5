import type { Logout } from '@/db/postgres/queries/session-logouts'
import type { LogOutState } from './session-lists.schema'

/** How long an undo is offered once a log-out is over. */
export const UNDO_MS = 30_000
/** A press in the last second takes a moment to arrive. */
export const GRACE_MS = 5_000
/** What one or a few sessions leave behind for an undo lives no longer than that. */
export const KEEP_FEW_MS = UNDO_MS + 2 * GRACE_MS
/** A log-out of many may take minutes before its undo begins. */
export const KEEP_MANY_MS = 10 * 60_000
/** The caller waits this long; what is left then, the worker does. */
export const INLINE_MS = 3_000
export const TELL_EVERY_MS = 300
/** A session that changes meanwhile may slip behind the walk: it is repeated until it finds nothing. */
export const MOST_WALKS = 3

/** A log-out as everybody sees it. */
export function logOutStateOf({ filter: _, startedAt, finishedAt, undoneAt, ...row }: Logout): LogOutState {
  const offered = finishedAt !== null && row.loggedOut > 0 && undoneAt === null
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    undoUntil: offered ? new Date(finishedAt.getTime() + UNDO_MS).toISOString() : null,
    undoneAt: undoneAt?.toISOString() ?? null,
  }
}

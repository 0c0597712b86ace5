import { insertCheck, selectCheck, selectWaiting } from '@/db/postgres/queries/leaderboard-checks'
import { selectBoard } from '@/db/postgres/queries/leaderboards'
import { AppError } from '@/server/errors'
import { change } from '@/server/services/change'
import type { Caller, Stores } from '@/server/services/context'
import type { BoardInput, Reconcile } from './leaderboards.schema'
import { noSuchBoard } from './no-such-board'

/** The worker compares the board with its ledger; one that waits already is as good. */
export async function askForCheck(caller: Caller, name: BoardInput): Promise<{ id: number }> {
  return ask(caller, name, { kind: 'check' })
}

/** The worker builds the ranking anew from the ledger. `checkId` is the comparison that was looked at before. */
export async function reconcileBoard(caller: Caller, { checkId, ...name }: Reconcile): Promise<{ id: number }> {
  return ask(caller, name, { kind: 'reconcile', checkId })
}

async function ask(
  caller: Caller,
  name: BoardInput,
  { kind, checkId }: { kind: 'check' | 'reconcile'; checkId?: number },
) {
  return change(caller, kind === 'check' ? 'leaderboards.check' : 'leaderboards.reconcile', async (tx) => {
    const board = await selectBoard(tx, name)
    if (!board) throw noSuchBoard(name.name)
    const looked = checkId === undefined ? null : await selectCheck(tx, board.id, checkId)
    if (checkId !== undefined && looked?.status !== 'done')
      throw new AppError('bad_request', 'checkId: is no finished comparison of this board.', { field: 'checkId' })
    const waiting = await selectWaiting(tx, board.id, kind)
    const { id } =
      waiting ?? (await insertCheck(tx, { boardId: board.id, kind, askedBy: caller.actor.name, status: 'queued' }))
    const seen = looked && { missing: looked.missing, extra: looked.extra, different: looked.different }
    const target = name.tenant === null ? name.name : `${name.tenant} / ${name.name}`
    return { result: { id }, audit: { target, before: seen ?? undefined, after: { work: id } } }
  })
}

/** A comparison with the members that differ, as it stands. @throws AppError `not_found` */
export async function readCheck({ db }: Pick<Stores, 'db'>, { checkId, ...name }: Reconcile) {
  const board = await selectBoard(db, name)
  if (!board) throw noSuchBoard(name.name)
  const check = await selectCheck(db, board.id, checkId)
  if (!check) throw new AppError('not_found', 'There is no such comparison.', { field: 'checkId' })
  const { queuedAt, finishedAt, boardId: _, ...rest } = check
  return { ...rest, queuedAt: queuedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null }
}
export type ReadCheck = Awaited<ReturnType<typeof readCheck>>

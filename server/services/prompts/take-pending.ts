import type { Transaction } from '@/db/postgres/client'
import { type ApprovalRow, lockApproval } from '@/db/postgres/queries/approvals'
import { AppError } from '@/server/errors'

/** A request to decide on, held until the transaction ends: of those who come at once, the first decides. */
export async function takePending(tx: Transaction, of: { name: string; id: string }): Promise<ApprovalRow> {
  const request = await lockApproval(tx, of)
  if (!request) throw new AppError('not_found', `${of.name} has no request for approval ${of.id}.`, { field: 'id' })
  if (request.state !== 'pending') throw new AppError('conflict', `This request was ${wordsOf(request)}.`)
  return request
}

function wordsOf({ state, decidedBy }: ApprovalRow): string {
  if (state === 'overtaken') return 'overtaken: what is live has changed since'
  return `${state} already${decidedBy === null ? '' : ` by ${decidedBy}`}`
}

import type { Caller } from '@/server/services/context'
import { ApprovalNeeded } from './approval-gate'
import type { AskedForApproval } from './approvals.schema'
import { requestApproval } from './request-approval'

/** Makes a move, or asks for approval where its channel needs one. @throws AppError as the move does. */
export async function orAsk<T>(caller: Caller, move: () => Promise<T>): Promise<T | AskedForApproval> {
  try {
    return await move()
  } catch (error) {
    if (!(error instanceof ApprovalNeeded)) throw error
    return { approval: await requestApproval(caller, error.move) }
  }
}

import { selectApprovals } from '@/db/postgres/queries/approvals'
import { selectPrompt } from '@/db/postgres/queries/prompts'
import type { Stores } from '@/server/services/context'
import { approvalOf } from './approval-of'
import type { Approval, ListApprovals } from './approvals.schema'
import { unknownPrompt } from './unknown'

/** What was asked for on a channel, and what became of it, newest first. @throws AppError `not_found`. */
export async function listApprovals({ db }: Pick<Stores, 'db'>, { name, channel, limit }: ListApprovals) {
  const prompt = await selectPrompt(db, { name })
  if (!prompt) throw unknownPrompt(name)
  const rows = await selectApprovals(db, { promptId: prompt.id, channel, limit })
  const approvals: Approval[] = rows.map(approvalOf)
  return { approvals }
}

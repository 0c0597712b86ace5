import { selectApprovals, selectPendingOf } from '@/db/postgres/queries/approvals'
import type { Stores } from '@/server/services/context'
import { approvalOf } from './approval-of'

type At = { promptId: number; channel: string; movedAt: Date | undefined }

/** What waits for a second person on any channel of a prompt, and a rejection on this one that nothing has followed yet. */
export async function pageApprovals({ db }: Pick<Stores, 'db'>, { promptId, channel, movedAt }: At) {
  const [waiting, [newest]] = await Promise.all([
    selectPendingOf(db, { promptIds: [promptId] }),
    selectApprovals(db, { promptId, channel, limit: 1 }),
  ])
  const standing = newest?.state === 'rejected' && (newest.decidedAt ?? 0) > (movedAt ?? 0)
  return {
    /** `person` is the operator behind it, who cannot approve it. */
    pending: waiting.map((row) => ({ ...approvalOf(row), person: row.requestedByPerson })),
    rejected: newest && standing ? approvalOf(newest) : null,
  }
}
export type PendingApproval = Awaited<ReturnType<typeof pageApprovals>>['pending'][number]

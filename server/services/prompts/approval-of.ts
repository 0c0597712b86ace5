import type { ApprovalRow } from '@/db/postgres/queries/approvals'
import { weightsOf } from './buckets'
import type { Approval } from './approvals.schema'
import type { Move } from './commit-move'

/** The move that a request asks for, as it was kept. */
export const moveOf = ({ request }: Pick<ApprovalRow, 'request'>) => request as Move

/** A request as people and programs see it. */
export function approvalOf(row: ApprovalRow): Approval {
  const { from, rollout, guard } = moveOf(row)
  return {
    id: row.id,
    state: row.state,
    kind: row.kind === 'rollout' ? 'rollout' : 'activate',
    channel: row.channel,
    version: row.version,
    arms: rollout ? weightsOf(rollout) : undefined,
    steps: guard?.steps,
    previousVersion: from?.version ?? null,
    by: row.by,
    reason: row.reason,
    requestedAt: row.requestedAt.toISOString(),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    note: row.note,
    revision: row.revision,
  }
}

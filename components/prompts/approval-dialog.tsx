'use client'

import { servedText } from '@/components/format/served'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { PendingApproval } from '@/server/services/prompts/page-approvals'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { Touched } from './touched'
import { useApprovals } from './use-approvals'

export type Decision = 'approve' | 'reject'

/** Asks before a change that somebody else asked for is made, or turned down with a note. */
export function ApprovalDialog({
  page,
  pending,
  decision,
  onClose,
  onDone,
}: {
  page: PromptPage
  pending: PendingApproval
  decision: Decision
  onClose: () => void
  onDone: (revision: number) => void
}) {
  const { approve, reject } = useApprovals()
  const { name } = page
  const { id, by } = pending
  const served = servedText(pending)
  if (decision === 'reject')
    return (
      <ConfirmDialog
        open
        onOpenChange={onClose}
        title={`Reject ${served}`}
        description={`Nothing goes live. ${by} can ask again.`}
        confirmLabel="Reject"
        reason={{ label: 'Note', required: true, placeholder: `Says ${by} why not` }}
        pending={reject.isPending}
        error={reject.error?.message ?? null}
        onConfirm={({ reason: note }) => reject.mutate({ name, id, note }, { onSuccess: onClose })}
      />
    )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Approve ${served}`}
      description={`It goes live at once. The history names ${by} and you.`}
      confirmLabel="Approve"
      reason={{ label: 'Note', placeholder: 'Stands in the audit log' }}
      pending={approve.isPending}
      error={approve.error?.message ?? null}
      onConfirm={({ reason: note }) =>
        approve.mutate(
          { name, id, note: note || undefined },
          {
            onSuccess: ({ revision }) => {
              onClose()
              onDone(revision)
            },
          },
        )
      }
    >
      <Touched page={page} afterwards={served} staying={(pending.arms ?? [pending]).map(({ version }) => version)} />
    </ConfirmDialog>
  )
}

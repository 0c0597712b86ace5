'use client'

import { useState } from 'react'
import { Age } from '@/components/feedback/age'
import { servedText } from '@/components/format/served'
import { useOperator } from '@/components/shell/operator'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter, CardHeader } from '@/components/ui/card'
import type { PendingApproval } from '@/server/services/prompts/page-approvals'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { ApprovalDialog, type Decision } from './approval-dialog'
import { newestBeside } from './prepare-rollout'
import { useApprovals } from './use-approvals'

type Props = {
  page: PromptPage
  onCompare: (version: number, against: number | null) => void
  onDone: (revision: number) => void
}

/** The change that waits for a second person on this channel, or why the last one was turned down. */
export function ApprovalCard({ page, onCompare, onDone }: Props) {
  const pending = page.approvals.pending.find(({ channel }) => channel === page.channel)
  if (pending) return <Waiting {...{ page, pending, onCompare, onDone }} />
  const { rejected } = page.approvals
  if (!rejected) return null
  return (
    <Card aria-label="Approval" data-memory="postgres">
      <CardHeader title={`${rejected.decidedBy} rejected ${servedText(rejected)}`} />
      <CardBody className="text-sm text-muted wrap-anywhere">
        {rejected.note} Asked for by {rejected.by}.
      </CardBody>
    </Card>
  )
}

function Waiting({ page, pending, onCompare, onDone }: Props & { pending: PendingApproval }) {
  const { id: self, role } = useOperator()
  const [decision, setDecision] = useState<Decision | null>(null)
  const { withdraw } = useApprovals()
  const { id, by, reason, requestedAt, person, previousVersion, arms } = pending
  const version = (arms && newestBeside(pending.version, arms)) ?? pending.version
  return (
    <Card aria-label="Approval" data-memory="postgres" className="border-warn">
      <CardHeader title="Waits for approval" note={<Age at={requestedAt} />} />
      <CardBody className="grid gap-1.5">
        <p>
          {by} asks for <b className="font-semibold">{servedText(pending)}</b> {insteadOf(previousVersion)}.
          {pending.steps && ` Watched, it would widen by itself: ${pending.steps.join(', ')} %.`}
        </p>
        <p className="text-muted wrap-anywhere">{reason ?? 'Without a reason.'}</p>
        <Button
          variant="ghost"
          className="-ml-2.5 justify-self-start"
          onClick={() => onCompare(version, previousVersion === version ? null : previousVersion)}
        >
          See what changes
        </Button>
        <p className="text-sm text-muted empty:hidden">{whoDecides(person === self, role, by)}</p>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {withdraw.error?.message}
        </p>
      </CardBody>
      {role !== 'viewer' && (
        <CardFooter>
          {person === self ? (
            <Button pending={withdraw.isPending} onClick={() => withdraw.mutate({ name: page.name, id })}>
              Withdraw
            </Button>
          ) : (
            <>
              <Button onClick={() => setDecision('reject')}>Reject</Button>
              <Button variant="primary" onClick={() => setDecision('approve')}>
                Approve
              </Button>
            </>
          )}
        </CardFooter>
      )}
      {decision && <ApprovalDialog {...{ page, pending, decision, onDone }} onClose={() => setDecision(null)} />}
    </Card>
  )
}

const insteadOf = (previous: number | null) => (previous === null ? 'where nothing is live' : `instead of v${previous}`)

function whoDecides(mine: boolean, role: string, by: string): string | null {
  if (mine) return 'You are behind this request, so somebody else has to approve it.'
  return role === 'viewer' ? `An operator other than ${by} decides.` : null
}

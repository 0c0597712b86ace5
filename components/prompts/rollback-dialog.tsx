'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Skeleton } from '@/components/ui/skeleton'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { comparisonOf } from './comparison'
import { rolloutOn } from './deployed-on'
import { SettingsDiff } from './settings-diff'
import { Touched } from './touched'
import { usePromptChanges } from './use-prompt-changes'
import { VersionDiff } from './version-diff'

/** Shows where a rollback goes and what it changes back, before it is done. */
export function RollbackDialog({
  page,
  to,
  open,
  onOpenChange,
  onDone,
}: {
  page: PromptPage
  to: number
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: (revision: number) => void
}) {
  const { rollback } = usePromptChanges()
  const { name, channel, live } = page
  const rollout = rolloutOn(page)
  const from = rollout?.newest ?? live
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        rollback.reset()
        onOpenChange(next)
      }}
      title={`Roll back to v${to}`}
      description={`What was live ${rollout ? 'in full before the rollout' : 'before'}. The next rollback goes one further back.`}
      confirmLabel="Roll back"
      reason={{ label: 'Reason', placeholder: 'Stands in the history and in the audit log' }}
      pending={rollback.isPending}
      error={rollback.error?.message ?? null}
      onConfirm={({ reason }) =>
        rollback.mutate(
          { name, channel, reason: reason || undefined },
          {
            onSuccess: (moved) => {
              onOpenChange(false)
              onDone(moved.revision)
            },
          },
        )
      }
    >
      <Touched page={page} afterwards={`v${to}`} staying={[to]} />
      {from !== null && from !== to && <ChangesBack name={name} from={from} to={to} />}
    </ConfirmDialog>
  )
}

function ChangesBack({ name, from, to }: { name: string; from: number; to: number }) {
  const { data, isError } = useQuery(comparisonOf(useTRPC(), { name, version: to, against: from }))
  if (isError) return <p className="text-muted">What changes could not be read.</p>
  if (!data) return <Skeleton className="h-24" />
  return (
    <div className="max-h-56 overflow-y-auto rounded-md border border-line">
      <VersionDiff
        before={data.against?.content ?? ''}
        after={data.version.content}
        label={`Changes from version ${from} back to ${to}`}
      />
      <SettingsDiff before={data.against} after={data.version} />
    </div>
  )
}

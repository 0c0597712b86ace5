'use client'

import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { deployedOn, rolloutOn } from './deployed-on'
import { Touched } from './touched'
import { usePromptChanges } from './use-prompt-changes'

export function ActivateDialog({
  page,
  version,
  open,
  onOpenChange,
  onDone,
}: {
  page: PromptPage
  version: number
  open: boolean
  onOpenChange: (open: boolean) => void
  onDone: (revision: number) => void
}) {
  const { activate } = usePromptChanges()
  const { name, channel } = page
  const revision = deployedOn(page)?.revision ?? 0
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        activate.reset()
        onOpenChange(next)
      }}
      title={`Activate v${version}`}
      description={`Every application that asks for ${name} gets it from the next request on.${rolloutOn(page) ? ' The rollout ends.' : ''}`}
      confirmLabel={`Activate v${version}`}
      reason={{ label: 'Reason', placeholder: 'Stands in the history and in the audit log' }}
      pending={activate.isPending}
      error={activate.error?.message ?? null}
      onConfirm={({ reason }) =>
        activate.mutate(
          { name, version, channel, expectedRevision: revision, reason: reason || undefined },
          {
            onSuccess: (moved) => {
              onOpenChange(false)
              onDone(moved.revision)
            },
          },
        )
      }
    >
      <Touched page={page} afterwards={`v${version}`} />
    </ConfirmDialog>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import { weightOf } from '@/components/format/served'
import { useOperator } from '@/components/shell/operator'
import { useTRPC } from '@/components/shell/trpc'
import { Button } from '@/components/ui/button'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { ActivateDialog } from './activate-dialog'
import { comparisonOf } from './comparison'
import type { usePromptParams } from './prompt-params'
import { deployedOn, rolloutOn } from './deployed-on'
import type { OpenDialog } from './prompt-view'
import { RollbackDialog } from './rollback-dialog'
import { RolloutDialog } from './rollout-dialog'
import { VersionEditor } from './version-editor'

type Props = {
  page: PromptPage
  shown: { version: number; against: number | null } | null
  dialog: OpenDialog
  onDialog: (dialog: OpenDialog) => void
  onParams: ReturnType<typeof usePromptParams>[1]
}

/** The verbs of a prompt, for those who may; what each would do is said before it is done. */
export function PromptActions({ page, shown, dialog, onDialog, onParams }: Props) {
  const mayChange = useOperator().role !== 'viewer'
  const next = (page.versions[0]?.version ?? 0) + 1
  const toggle = (which: OpenDialog) => (open: boolean) => onDialog(open ? which : null)
  const lookAt = (activation: number | null, channel = page.channel) =>
    void onParams({ channel, activation, version: null, against: null })
  const deployed = deployedOn(page)
  const liveInFull = shown !== null && shown.version === page.live && !rolloutOn(page)
  if (!mayChange) return null
  return (
    <>
      <Button size="md" onClick={() => onDialog('write')}>
        {shown ? `Edit as v${next}` : `Write v${next}`}
      </Button>
      {shown && deployed && weightOf(deployed, shown.version) === null && (
        <Button size="md" onClick={() => onDialog('rollout')}>
          Roll out v{shown.version}
        </Button>
      )}
      {shown && (
        <Button size="md" variant={page.live === null ? 'primary' : 'outline'} onClick={() => onDialog('activate')}>
          {liveInFull ? 'Activate elsewhere' : `Activate v${shown.version}`}
        </Button>
      )}
      {page.rollback !== null && (
        <Button size="md" variant="primary" onClick={() => onDialog('rollback')}>
          Roll back to v{page.rollback}
        </Button>
      )}
      {shown && dialog === 'activate' && (
        <ActivateDialog
          page={page}
          version={shown.version}
          elsewhere={liveInFull}
          onClose={() => onDialog(null)}
          onDone={lookAt}
        />
      )}
      {shown && (dialog === 'rollout' || dialog === 'shares') && (
        <RolloutDialog
          page={page}
          adding={dialog === 'rollout' ? shown.version : null}
          onClose={() => onDialog(null)}
          onDone={lookAt}
        />
      )}
      {page.rollback !== null && (
        <RollbackDialog
          page={page}
          to={page.rollback}
          open={dialog === 'rollback'}
          onOpenChange={toggle('rollback')}
          onDone={lookAt}
        />
      )}
      {dialog === 'write' && <Writer {...{ page, shown, next, onDialog, onParams }} />}
    </>
  )
}

/** The editor begins with the version that is looked at, once that is known. */
function Writer({ page, shown, next, onDialog, onParams }: Omit<Props, 'dialog'> & { next: number }) {
  const version = shown?.version ?? null
  const base = useQuery({
    ...comparisonOf(useTRPC(), { name: page.name, version: version ?? 1, against: shown?.against ?? null }),
    enabled: version !== null,
  })
  if (version !== null && !base.data) return null
  return (
    <VersionEditor
      name={page.name}
      channel={page.channel}
      base={base.data?.version ?? null}
      next={next}
      onClose={() => onDialog(null)}
      onDone={(added) => {
        onDialog(null)
        void onParams({ version: added, against: null, activation: null })
      }}
    />
  )
}

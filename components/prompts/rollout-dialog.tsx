'use client'

import { useState } from 'react'
import { servedText } from '@/components/format/served'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { deployedOn } from './deployed-on'
import { type DraftArm, movesText, prepareArms } from './prepare-rollout'
import { RolloutFields } from './rollout-fields'
import { Touched } from './touched'
import { usePromptChanges } from './use-prompt-changes'

const FIRST_SHARE = '5'

type Props = {
  page: PromptPage
  /** The version to begin or go on with; null to change the shares of those that are served. */
  adding: number | null
  onClose: () => void
  onDone: (revision: number) => void
}

/** Starts a rollout or changes the one that runs, saying who will get what before it is done. Shown while it is mounted. */
export function RolloutDialog({ page, adding, onClose, onDone }: Props) {
  const deployed = deployedOn(page)
  return deployed && <OpenDialog {...{ page, deployed, adding, onClose, onDone }} />
}

function OpenDialog({ page, deployed, adding, onClose, onDone }: Props & { deployed: PromptPage['channels'][number] }) {
  const { rollOut } = usePromptChanges()
  const { name, channel } = page
  const { version: base, revision, arms: running } = deployed
  const [draft, setDraft] = useState<DraftArm[]>(() => firstDraft(deployed, adding))
  const prepared = prepareArms(base, draft)
  const { arms } = prepared
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={adding === null ? 'Change shares' : `Roll out v${adding}`}
      description={`A subject (whom the application names: a user, a session) always gets the same version. Without a subject, v${base}.`}
      confirmLabel={adding === null ? 'Change shares' : 'Roll out'}
      reason={{ label: 'Reason', placeholder: 'Stands in the history and in the audit log' }}
      ready={arms !== null}
      pending={rollOut.isPending}
      error={rollOut.error?.message ?? null}
      onConfirm={({ reason }) => {
        if (!arms) return
        rollOut.mutate(
          { name, arms, channel, expectedRevision: revision, reason: reason || undefined },
          {
            onSuccess: (moved) => {
              onClose()
              onDone(moved.revision)
            },
          },
        )
      }}
    >
      <RolloutFields
        base={base}
        draft={draft}
        prepared={prepared}
        versions={page.versions.map(({ version }) => version)}
        onChange={setDraft}
      />
      <Touched page={page} afterwards={arms ? servedText({ version: base, arms }) : 'not known yet'} />
      {arms && <p className="text-muted">{movesText(running ?? [{ version: base, weight: 100 }], arms)}</p>}
    </ConfirmDialog>
  )
}

function firstDraft({ version: base, arms }: PromptPage['channels'][number], adding: number | null): DraftArm[] {
  const running = (arms ?? [])
    .filter(({ version }) => version !== base)
    .map(({ version, weight }) => ({ version, percent: String(weight) }))
  const known = adding === null || running.some(({ version }) => version === adding)
  return known ? running : [...running, { version: adding, percent: FIRST_SHARE }]
}

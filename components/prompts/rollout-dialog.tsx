'use client'

import { useState } from 'react'
import { servedText } from '@/components/format/served'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { Guard } from '@/server/services/prompts/guarded-rollout.schema'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import type { ArmWeight } from '@/server/services/prompts/prompts.schema'
import { deployedOn } from './deployed-on'
import { prepareGuard, usualGuard } from './guard-draft'
import { GuardFields, GuardSwitch } from './guard-fields'
import { type DraftArm, movesText, prepareArms } from './prepare-rollout'
import { RolloutFields } from './rollout-fields'
import { Touched } from './touched'
import { revisionOf, usePromptChanges } from './use-prompt-changes'

const FIRST_SHARE = '5'

type Props = {
  page: PromptPage
  /** The version to begin or go on with; null to change the shares of those that are served. */
  adding: number | null
  onClose: () => void
  onDone: (revision: number | null) => void
}

/** Starts a rollout or changes the one that runs, saying who will get what before it is done. Shown while it is mounted. */
export function RolloutDialog({ page, adding, onClose, onDone }: Props) {
  const deployed = deployedOn(page)
  return deployed && <OpenDialog {...{ page, deployed, adding, onClose, onDone }} />
}

function OpenDialog({ page, deployed, adding, onClose, onDone }: Props & { deployed: PromptPage['channels'][number] }) {
  const { rollOut, rollOutGuarded } = usePromptChanges()
  const { name, channel } = page
  const { version: base, revision, arms: running } = deployed
  const [draft, setDraft] = useState<DraftArm[]>(() => firstDraft(deployed, adding))
  const prepared = prepareArms(base, draft)
  const mayGuard = adding !== null && !running?.some(({ version }) => version !== base && version !== adding)
  const [watched, setWatched] = useState(mayGuard)
  const [guardDraft, setGuardDraft] = useState(usualGuard)
  const { guard, errors } = prepareGuard(adding ?? base, guardDraft)
  const arms = watched ? firstStep(base, guard) : prepared.arms
  const done = {
    onSuccess: (moved: Parameters<typeof revisionOf>[0]) => {
      onClose()
      onDone(revisionOf(moved))
    },
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={adding === null ? 'Change shares' : `Roll out v${adding}`}
      description={`A subject (whom the application names: a user, a session) always gets the same version. Without a subject, v${base}.`}
      confirmLabel={adding === null ? 'Change shares' : 'Roll out'}
      reason={{ label: 'Reason', placeholder: 'Stands in the history and in the audit log' }}
      ready={arms !== null && !sameShares(arms, running)}
      pending={rollOut.isPending || rollOutGuarded.isPending}
      error={(watched ? rollOutGuarded : rollOut).error?.message ?? null}
      onConfirm={({ reason }) => {
        const asked = { name, channel, expectedRevision: revision, reason: reason || undefined }
        if (watched && guard) rollOutGuarded.mutate({ ...asked, guard }, done)
        else if (!watched && arms) rollOut.mutate({ ...asked, arms }, done)
      }}
    >
      {mayGuard && <GuardSwitch checked={watched} onChange={setWatched} />}
      {watched ? (
        <GuardFields draft={guardDraft} errors={errors} onChange={setGuardDraft} />
      ) : (
        <RolloutFields
          base={base}
          draft={draft}
          prepared={prepared}
          versions={page.versions.map(({ version }) => version)}
          onChange={setDraft}
        />
      )}
      <Touched
        page={page}
        afterwards={arms ? servedText({ version: base, arms }) : 'not known yet'}
        staying={arms?.map(({ version }) => version) ?? [base]}
      />
      {arms && <p className="text-muted">{movesText(running ?? [{ version: base, weight: 100 }], arms)}</p>}
    </ConfirmDialog>
  )
}

const sameShares = (arms: ArmWeight[], running: ArmWeight[] | null) =>
  arms.length === running?.length &&
  arms.every(({ version, weight }) => running.some((arm) => arm.version === version && arm.weight === weight))

/** What a guard serves at first; null while it is not complete. */
function firstStep(base: number, guard: Guard | null): ArmWeight[] | null {
  const share = guard?.steps[0]
  if (!guard || share === undefined) return null
  return [
    { version: base, weight: 100 - share },
    { version: guard.version, weight: share },
  ]
}

function firstDraft({ version: base, arms }: PromptPage['channels'][number], adding: number | null): DraftArm[] {
  const running = (arms ?? [])
    .filter(({ version }) => version !== base)
    .map(({ version, weight }) => ({ version, percent: String(weight) }))
  const known = adding === null || running.some(({ version }) => version === adding)
  return known ? running : [...running, { version: adding, percent: FIRST_SHARE }]
}

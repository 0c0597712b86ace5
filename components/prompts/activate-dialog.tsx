'use client'

import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTRPC } from '@/components/shell/trpc'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { PromptPage } from '@/server/services/prompts/prompt-page'
import { promptChannel } from '@/server/services/prompts/prompts.schema'
import { deployedOn, rolloutOn } from './deployed-on'
import { Touched } from './touched'
import { revisionOf, usePromptChanges } from './use-prompt-changes'

type Props = {
  page: PromptPage
  version: number
  /** The version is live on the page's channel already: another one is asked for. */
  elsewhere: boolean
  onClose: () => void
  onDone: (revision: number | null, channel: string) => void
}

/** Makes a version live on a channel, which may be a new one, or asks for approval where the channel needs it. */
export function ActivateDialog({ page, version, elsewhere, onClose, onDone }: Props) {
  const { activate } = usePromptChanges()
  const [channel, setChannel] = useState(elsewhere ? '' : page.channel)
  const known = useQuery(useTRPC().settings.channels.list.queryOptions()).data?.channels ?? []
  const there = { ...page, channel }
  const invalid = promptChannel.safeParse(channel).error?.issues[0]?.message
  const needsApproval = known.some(({ name, requiresApproval }) => name === channel && requiresApproval)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Activate v${version}`}
      description={`Every application that asks for ${page.name} gets it from the next request on.${rolloutOn(there) ? ' The rollout ends.' : ''}`}
      confirmLabel={needsApproval ? 'Ask for approval' : `Activate v${version}`}
      reason={{ label: 'Reason', placeholder: 'Stands in the history and in the audit log' }}
      ready={invalid === undefined}
      pending={activate.isPending}
      error={activate.error?.message ?? null}
      onConfirm={({ reason }) =>
        activate.mutate(
          {
            name: page.name,
            version,
            channel,
            expectedRevision: deployedOn(there)?.revision ?? 0,
            reason: reason || undefined,
          },
          {
            onSuccess: (moved) => {
              onClose()
              onDone(revisionOf(moved), channel)
            },
          },
        )
      }
    >
      <ChannelField
        value={channel}
        onChange={setChannel}
        known={known.map(({ name }) => name)}
        error={channel === '' ? undefined : invalid}
      />
      <Touched page={there} afterwards={`v${version}`} staying={[version]} />
      {needsApproval && (
        <p className="rounded-md bg-warn-soft px-2.5 py-1.5 text-warn-ink">
          Changes on {channel} need a second person: v{version} goes live when somebody else approves it.
        </p>
      )}
    </ConfirmDialog>
  )
}

function ChannelField({
  value,
  onChange,
  known,
  error,
}: {
  value: string
  onChange: (channel: string) => void
  known: string[]
  error: string | undefined
}) {
  const list = useId()
  return (
    <>
      <Field label="Channel" hint="One in use, or a new name: applications ask for it." error={error}>
        <Input
          list={list}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <datalist id={list}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}

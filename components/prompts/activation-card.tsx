'use client'

import type { ReactNode } from 'react'
import { ErrorNote } from '@/components/feedback/panel-notes'
import { Sourced, type Source } from '@/components/feedback/source-note'
import { clockSeconds, fullStamp } from '@/components/format/instant'
import { durationText } from '@/components/format/duration'
import { servedText } from '@/components/format/served'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { PageActivation, PromptPage } from '@/server/services/prompts/prompt-page'
import { DeliveryProcesses } from './delivery-processes'
import { DeliveryTimes } from './delivery-times'
import { movedBy } from './moved-by'
import { confirmedStep } from './prepare-delivery'
import { useDelivery } from './use-delivery'

const withMilliseconds = (at: string, timezone: string) => `${clockSeconds(at, timezone)}.${at.slice(20, 23)}`

/** How far an activation has come: committed is Postgres' word, applied is Redis', confirmed is that of every process. */
export function ActivationCard({ page, activation }: { page: PromptPage; activation: PageActivation }) {
  const timezone = useTimezone()
  const { name, channel } = page
  const { at, revision, by, from, reason } = activation
  const query = useDelivery({ name, channel, revision })
  const delivery = query.data
  const confirmed = delivery && confirmedStep(delivery)
  // What was read of it alone is younger than the page.
  const appliedAt = delivery?.appliedAt ?? activation.appliedAt
  const appliedMs = appliedAt === null ? null : Date.parse(appliedAt) - Date.parse(at)
  const ms = delivery && delivery.waiting === 0 ? delivery.confirmedMs : null
  return (
    <Card aria-label="Activation">
      <CardHeader
        title={confirmed?.headline ?? titleOf(activation)}
        note={delivery && ms !== null && <Sourced source={sourceOf(delivery.asOf)}>{durationText(ms)}</Sourced>}
      />
      <ol className="grid grid-cols-3 gap-0.5 px-3.5 pt-1 pb-2">
        <Step name="Committed" done>
          Postgres, <time title={fullStamp(at, timezone)}>{withMilliseconds(at, timezone)}</time>
        </Step>
        <Step name="Applied" done={appliedMs !== null}>
          {appliedMs === null ? 'waiting for Redis; repeated until it answers' : `Redis, +${durationText(appliedMs)}`}
        </Step>
        <Step name="Confirmed" done={confirmed?.done ?? null}>
          {confirmed?.text ?? (query.isError ? 'could not be read' : '…')}
        </Step>
      </ol>
      {delivery && <DeliveryProcesses key={revision} delivery={delivery} />}
      {query.isError && !delivery && (
        <ErrorNote
          status="error"
          what="who confirmed it"
          why={query.error.message}
          retry={() => void query.refetch()}
        />
      )}
      <p className="px-3.5 pb-3 text-sm text-muted wrap-anywhere">
        {titleOf(activation)}, revision {revision}. By {movedBy({ by, from })}
        {reason ? `: ${reason}` : ', without a reason.'}
      </p>
      <DeliveryTimes name={name} channel={channel} revision={revision} />
    </Card>
  )
}

const sourceOf = (asOf: string): Source => ({
  stores: ['postgres'],
  from: 'prompt_confirmations, prompt_activations',
  window: 'from the acknowledgement to the last confirmation',
  precision: 'exact',
  asOf,
  detail:
    'By the clock of Postgres, so the writing of a confirmation is part of it; gateways gather them for up to 20 ms. What was confirmed before the acknowledgement counts as 0.',
})

function titleOf(activation: PageActivation): string {
  const { kind, version } = activation
  if (kind === 'rollout') return `Rollout: ${servedText(activation)}`
  return kind === 'rollback' ? `Rolled back to v${version}` : `v${version} activated`
}

/** A part of the way: reached, under way, or (null) not known yet. */
function Step({ name, done, children }: { name: string; done: boolean | null; children: ReactNode }) {
  const edge = done === null ? 'border-line-strong' : done ? 'border-ok' : 'border-warn'
  return (
    <li className={cn('border-t-3 pt-1.5 text-sm text-muted', edge)}>
      <b className="block font-medium text-text">{name}</b>
      {children}
    </li>
  )
}

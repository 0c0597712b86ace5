'use client'

import { dayTime, fullStamp } from '@/components/format/instant'
import { servedText } from '@/components/format/served'
import { EmptyState } from '@/components/feedback/empty-state'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { DeliveryTime } from '@/server/services/prompts/activation-delivery'
import type { PageActivation, PromptPage } from '@/server/services/prompts/prompt-page'
import { movedBy } from './moved-by'
import { timeText } from './prepare-delivery'
import { useDeliveryTimes } from './use-delivery'

/** Every move of the channel's pointer, newest first; choosing one shows what it changed. */
export function HistoryCard({
  page,
  shown,
  onShow,
}: {
  page: PromptPage
  shown: number | null
  onShow: (revision: number) => void
}) {
  const { data } = useDeliveryTimes(page)
  const times = new Map(data?.times.map((time) => [time.revision, time]))
  return (
    <Card aria-label="History" data-memory="postgres" className="overflow-hidden">
      <CardHeader title="History" note={page.channel} />
      {page.activations.length === 0 ? (
        <EmptyState title="Nothing activated yet" hint="The first activation begins the history." />
      ) : (
        <ol className="max-h-80 overflow-y-auto">
          {page.activations.map((activation) => (
            <li key={activation.revision}>
              <HistoryButton
                activation={activation}
                time={times.get(activation.revision)}
                shown={activation.revision === shown}
                asOf={page.asOf}
                onShow={onShow}
              />
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function HistoryButton({
  activation: { revision, version, previousVersion, kind, arms, by, from, reason, at },
  time,
  shown,
  asOf,
  onShow,
}: {
  activation: PageActivation
  /** Known of the newest ones. */
  time?: DeliveryTime
  shown: boolean
  asOf: string
  onShow: (revision: number) => void
}) {
  const timezone = useTimezone()
  return (
    <button
      type="button"
      aria-current={shown || undefined}
      onClick={() => onShow(revision)}
      className={cn(
        'grid w-full grid-cols-[minmax(0,1fr)_auto] gap-x-2 border-t border-line px-3.5 py-1.5 text-left text-sm -outline-offset-2 hover:bg-sunken',
        shown && 'bg-sunken shadow-[inset_2px_0_var(--memory)]',
      )}
    >
      <span className="font-medium">
        {arms ? servedText({ version, arms }) : moveText(previousVersion, version)}
        {kind === 'rollback' && <span className="font-normal text-muted"> rolled back</span>}
        {kind === 'rollout' && <span className="font-normal text-muted"> rollout</span>}
      </span>
      <span className="text-right text-muted" title={fullStamp(at, timezone)}>
        {dayTime(at, timezone, asOf)}
      </span>
      <span className={cn('truncate text-muted', !time && 'col-span-2')}>
        {movedBy({ by, from })}
        {reason && ` · ${reason}`}
      </span>
      {time && (
        <span className="text-right text-faint tabular-nums" title="until the last confirmation">
          {timeText(time)}
        </span>
      )}
    </button>
  )
}

/** To end a rollout with the version that was live before leaves the version as it was. */
const moveText = (from: number | null, to: number) => (from === null || from === to ? `v${to}` : `v${from} → v${to}`)

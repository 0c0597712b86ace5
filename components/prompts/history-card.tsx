'use client'

import { dayTime, fullStamp } from '@/components/format/instant'
import { servedText } from '@/components/format/served'
import { EmptyState } from '@/components/feedback/empty-state'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { PageActivation, PromptPage } from '@/server/services/prompts/prompt-page'

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
  activation: { revision, version, previousVersion, kind, arms, by, reason, at },
  shown,
  asOf,
  onShow,
}: {
  activation: PageActivation
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
      <span className="text-muted" title={fullStamp(at, timezone)}>
        {dayTime(at, timezone, asOf)}
      </span>
      <span className="col-span-2 truncate text-muted">
        {by}
        {reason && ` · ${reason}`}
      </span>
    </button>
  )
}

/** To end a rollout with the version that was live before leaves the version as it was. */
const moveText = (from: number | null, to: number) => (from === null || from === to ? `v${to}` : `v${from} → v${to}`)

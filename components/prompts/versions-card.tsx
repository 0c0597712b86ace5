'use client'

import { durationLong } from '@/components/format/duration'
import { dayTime, fullStamp } from '@/components/format/instant'
import { useNow } from '@/components/feedback/ticker'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { Chip } from '@/components/ui/chip'
import { cn } from '@/components/ui/cn'
import type { PageVersion, PromptPage } from '@/server/services/prompts/prompt-page'
import { liveStretches, type Stretch } from './prepare-stretches'

/** Every version, newest first; the shown one carries the memory's edge. `j` and `k` walk through them. */
export function VersionsCard({
  page,
  shown,
  onShow,
}: {
  page: PromptPage
  shown: number | null
  onShow: (version: number) => void
}) {
  const now = useNow() ?? Date.parse(page.asOf)
  const stretches = liveStretches(page.activations, now)
  return (
    <Card aria-label="Versions" data-memory="postgres" className="overflow-hidden">
      <CardHeader title="Versions" note={`${page.versions.length}, immutable`} />
      <ol className="max-h-[min(70vh,44rem)] overflow-y-auto">
        {page.versions.map((version) => (
          <li key={version.version}>
            <VersionButton
              version={version}
              chips={page.channels.filter((deployed) => deployed.version === version.version)}
              stretch={stretches.get(version.version)}
              shown={version.version === shown}
              asOf={page.asOf}
              onShow={onShow}
            />
          </li>
        ))}
      </ol>
    </Card>
  )
}

function VersionButton({
  version: { version, at, by, message },
  chips,
  stretch,
  shown,
  asOf,
  onShow,
}: {
  version: PageVersion
  chips: PromptPage['channels']
  stretch: Stretch | undefined
  shown: boolean
  asOf: string
  onShow: (version: number) => void
}) {
  const timezone = useTimezone()
  return (
    <button
      type="button"
      aria-current={shown || undefined}
      onClick={() => onShow(version)}
      className={cn(
        'grid w-full grid-cols-[2.25rem_minmax(0,1fr)_auto] gap-x-2 border-t border-line px-3.5 py-2 text-left -outline-offset-2 hover:bg-sunken',
        shown && 'bg-sunken shadow-[inset_2px_0_var(--memory)]',
      )}
    >
      <b className="font-semibold">v{version}</b>
      <span className="truncate text-sm leading-5 text-muted" title={fullStamp(at, timezone)}>
        {dayTime(at, timezone, asOf)} · {by}
      </span>
      <span className="flex gap-1">
        {chips.map(({ channel }) => (
          <Chip key={channel} tone={channel === 'production' ? 'ok' : 'neutral'}>
            {channel === 'production' ? 'live' : channel}
          </Chip>
        ))}
      </span>
      <span className="col-span-2 col-start-2 line-clamp-3 text-sm text-muted wrap-anywhere">
        {message}
        {message && stretch && (/[.!?]$/.test(message) ? ' ' : '. ')}
        {stretch && <LiveFor stretch={stretch} />}
      </span>
    </button>
  )
}

function LiveFor({ stretch: { liveMs, ended } }: { stretch: Stretch }) {
  return (
    <span className="text-faint">
      Live for {durationLong(liveMs)}
      {ended === 'rolled back' && ', rolled back'}.
    </span>
  )
}

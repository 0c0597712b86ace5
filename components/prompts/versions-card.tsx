'use client'

import { durationLong } from '@/components/format/duration'
import { dayTime, fullStamp } from '@/components/format/instant'
import { weightOf, weightText } from '@/components/format/served'
import { tokensText } from '@/components/format/tokens'
import { useNow } from '@/components/feedback/ticker'
import { useTimezone } from '@/components/shell/timezone'
import { Card, CardHeader } from '@/components/ui/card'
import { Chip } from '@/components/ui/chip'
import { cn } from '@/components/ui/cn'
import { tokenizerOf } from '@/server/services/prompts/tokenizer.schema'
import type { PageVersion, PromptPage } from '@/server/services/prompts/prompt-page'
import { ExportButton } from './export-button'
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
      <CardHeader
        title="Versions"
        note={`${page.versions.length}, immutable`}
        actions={<ExportButton name={page.name} />}
      />
      <ol className="max-h-80 overflow-y-auto lg:max-h-[min(70vh,44rem)]">
        {page.versions.map((version) => (
          <li key={version.version}>
            <VersionButton
              version={version}
              channels={page.channels.flatMap((deployed) => {
                const weight = weightOf(deployed, version.version)
                return weight === null ? [] : { name: deployed.channel, weight }
              })}
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
  version: { version, at, by, message, model, tokens, imported },
  channels,
  stretch,
  shown,
  asOf,
  onShow,
}: {
  version: PageVersion
  /** Those that serve it, with its share. */
  channels: { name: string; weight: number }[]
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
        {imported && ', imported'}
      </span>
      <span className="flex gap-1">
        {channels.map(({ name, weight }) => (
          <Chip key={name} tone={name === 'production' ? 'ok' : 'neutral'}>
            {name === 'production' ? 'live' : name}
            {weight < 100 && ` ${weightText(weight)}`}
          </Chip>
        ))}
      </span>
      <span className="col-span-2 col-start-2 line-clamp-3 text-sm text-muted wrap-anywhere">
        {message}
        {message && (/[.!?]$/.test(message) ? ' ' : '. ')}
        {stretch && <LiveFor stretch={stretch} />}{' '}
        {tokens !== null && (
          <span className="text-faint">{tokensText({ tokens, exact: tokenizerOf(model).exact })}.</span>
        )}
      </span>
    </button>
  )
}

/** "Live for 8 days, rolled back." What was served in part only is not called live. */
function LiveFor({ stretch: { liveMs, partMs, ended } }: { stretch: Stretch }) {
  const live = liveMs > 0 || partMs === 0 ? [`Live for ${durationLong(liveMs)}`] : []
  const inPart = partMs > 0 ? [`${live.length > 0 ? 'in' : 'In'} a rollout for ${durationLong(partMs)}`] : []
  const end = ended === 'rolled back' ? ['rolled back'] : []
  return <span className="text-faint">{[...live, ...inPart, ...end].join(', ')}.</span>
}

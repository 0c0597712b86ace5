'use client'

import { servedText } from '@/components/format/served'
import { Chip } from '@/components/ui/chip'
import type { PromptPage } from '@/server/services/prompts/prompt-page'

/** What each channel serves and what waits for approval there; a press looks at that channel's history. */
export function ChannelChips({ page, onChannel }: { page: PromptPage; onChannel: (channel: string) => void }) {
  const { pending } = page.approvals
  const names = new Set([...page.channels, ...pending].map(({ channel }) => channel))
  const ordered = [...names].sort((a, b) => Number(b === 'production') - Number(a === 'production'))
  if (ordered.length === 0) return <Chip>nothing live</Chip>
  return (
    <div role="group" aria-label="Channels" className="flex flex-wrap gap-1.5">
      {ordered.map((channel) => {
        const live = page.channels.find((deployed) => deployed.channel === channel)
        const waits = pending.some((asked) => asked.channel === channel)
        return (
          <button
            key={channel}
            type="button"
            aria-pressed={channel === page.channel}
            onClick={() => onChannel(channel)}
            className="rounded-full aria-pressed:ring-1 aria-pressed:ring-line-strong"
          >
            <Chip tone={waits ? 'warn' : channel === 'production' ? 'ok' : 'neutral'}>
              {channel} {live && servedText(live)}
              {waits && ' · waits for approval'}
            </Chip>
          </button>
        )
      })}
    </div>
  )
}

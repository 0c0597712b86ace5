'use client'

import { servedText } from '@/components/format/served'
import { Chip } from '@/components/ui/chip'
import type { PromptPage } from '@/server/services/prompts/prompt-page'

/** What each channel serves; a press looks at that channel's history. */
export function ChannelChips({ page, onChannel }: { page: PromptPage; onChannel: (channel: string) => void }) {
  const ordered = [...page.channels].sort(
    (a, b) => Number(b.channel === 'production') - Number(a.channel === 'production'),
  )
  if (ordered.length === 0) return <Chip>nothing live</Chip>
  return (
    <div role="group" aria-label="Channels" className="flex flex-wrap gap-1.5">
      {ordered.map(({ channel, version, arms }) => (
        <button
          key={channel}
          type="button"
          aria-pressed={channel === page.channel}
          onClick={() => onChannel(channel)}
          className="rounded-full aria-pressed:ring-1 aria-pressed:ring-line-strong"
        >
          <Chip tone={channel === 'production' ? 'ok' : 'neutral'}>
            {channel} {servedText({ version, arms })}
          </Chip>
        </button>
      ))}
    </div>
  )
}

'use client'

import { Link } from '@/components/ui/link'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { count } from '@/components/format/count'
import { clockTime, dayTime } from '@/components/format/instant'
import { promptHref } from '@/components/prompts/prompt-href'
import { withScope } from '@/components/shell/search-params'
import { Chip } from '@/components/ui/chip'
import type { LiveAnswer } from '@/server/services/prompts/what-was-live.schema'
import { useLive } from './live-params'
import { LivePrompt } from './live-prompt'
import { callsText, splitByUse, type ShownPrompt, type Stranger } from './prepare-live'

/** The prompts that the tenant's calls used, then the others; without a tenant one list of all. */
export function LivePanels({ answer }: { answer: LiveAnswer }) {
  const { params, timezone } = useLive()
  const { at, channel, reported, total, prompts } = answer
  const { used, others, strangers, left } = splitByUse(answer)
  const asked = { at, channel, timezone, subject: params.subject, link: (href: string) => withScope(href, params) }
  const more = left > 0 && `${count(prompts.length)} of ${count(total)} prompts`
  const none = reported !== null && used.length + strangers.length === 0
  return (
    <>
      {reported && (
        <Panel
          title={`Used by ${params.tenant}`}
          memory="postgres"
          note={`${dayTime(reported.from, timezone, at)} to ${clockTime(reported.to, timezone)}`}
          source={{ ...historySource, window: 'half an hour on either side', detail: strayDetail }}
          state={none ? noCalls(params.tenant) : ready}
        >
          <ul>
            {used.map((prompt) => (
              <LivePrompt key={prompt.live.name} prompt={prompt} asked={asked} />
            ))}
            {strangers.map((stranger) => (
              <StrangerRow key={stranger.name} stranger={stranger} />
            ))}
          </ul>
        </Panel>
      )}
      {others.length > 0 && (
        <Panel
          title={reported ? 'Other prompts' : 'Prompts'}
          memory="postgres"
          note={more || 'source'}
          source={historySource}
          state={ready}
          className="overflow-hidden"
        >
          <Prompts prompts={others} asked={asked} />
        </Panel>
      )}
      <NotLive answer={answer} timezone={timezone} link={asked.link} />
    </>
  )
}

const ready = { status: 'ready' } as const

const historySource = {
  stores: ['postgres' as const],
  from: 'prompt_activations, prompt_versions; llm_usage for what calls reported',
  precision: 'exact' as const,
}
const strayDetail =
  'A version counts as live a minute before and after it was: a call takes its time, and clocks differ.'

const noCalls = (tenant: string | null): PanelState => ({
  status: 'empty',
  title: 'No call named a prompt',
  hint: `Within half an hour of this instant, ${tenant} reported no call with a prompt.`,
})

type Asked = Parameters<typeof LivePrompt>[0]['asked']

function Prompts({ prompts, asked }: { prompts: ShownPrompt[]; asked: Asked }) {
  return (
    <ul>
      {prompts.map((prompt) => (
        <LivePrompt key={prompt.live.name} prompt={prompt} asked={asked} />
      ))}
    </ul>
  )
}

function StrangerRow({ stranger: { name, reported, why } }: { stranger: Stranger }) {
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-3.5 py-2.5 text-sm">
      <span className="font-mono wrap-anywhere">{name}</span>
      <Chip tone="warn">{why}</Chip>
      <span className="text-muted">{reported.map((one) => callsText(one.calls, one.version)).join(' · ')}</span>
    </li>
  )
}

/** In small print: what the channel did not serve, and since when it does. */
function NotLive({
  answer: { notLive, at, channel },
  timezone,
  link,
}: {
  answer: LiveAnswer
  timezone: string
  link: (href: string) => string
}) {
  if (notLive.total === 0) return null
  const more = notLive.total - notLive.prompts.length
  return (
    <p className="text-sm text-muted">
      Not live on {channel}:{' '}
      {notLive.prompts.map(({ name, firstLiveAt }, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Link href={link(promptHref(name))} className="font-mono wrap-anywhere hover:underline">
            {name}
          </Link>{' '}
          ({firstLiveAt === null ? 'never was' : `first on ${dayTime(firstLiveAt, timezone, at)}`})
        </span>
      ))}
      {more > 0 && ` and ${count(more)} more`}.
    </p>
  )
}

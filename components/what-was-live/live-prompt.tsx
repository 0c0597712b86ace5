import { TriangleAlert } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { activationHref } from '@/components/overview/points'
import { promptHref } from '@/components/prompts/prompt-href'
import { Chip } from '@/components/ui/chip'
import type { LiveVersion } from '@/server/services/prompts/what-was-live.schema'
import { LiveText } from './live-text'
import { callsText, type ShownPrompt, stretchText, strayText } from './prepare-live'

type Asked = { at: string; channel: string; timezone: string; subject: string | null; link: (href: string) => string }

/** One prompt as it was live: which version, since when and until when, what the tenant's calls said, and the text. */
export function LivePrompt({ prompt, asked }: { prompt: ShownPrompt; asked: Asked }) {
  const { live } = prompt
  const { name, arms, subjectVersion } = live
  const texts = arms ?? [live]
  return (
    <li
      aria-label={name}
      className="grid gap-x-6 gap-y-2 border-t border-line px-3.5 py-2.5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
    >
      <Told prompt={prompt} asked={asked} />
      <div className="grid content-start gap-2">
        {texts.map((text) => (
          <LiveText
            key={text.version}
            name={name}
            text={text}
            share={'weight' in text ? `${text.weight} %` : undefined}
            got={arms && asked.subject && text.version === subjectVersion ? asked.subject : undefined}
          />
        ))}
      </div>
    </li>
  )
}

function Told({ prompt: { live, reported }, asked }: { prompt: ShownPrompt; asked: Asked }) {
  const { name, version, revision, arms } = live
  const { at, channel, timezone, link } = asked
  const { since, reason, until } = stretchText(live, timezone, at)
  const strays = reported.map((one) => strayText(one, channel, timezone)).filter((text) => text !== null)
  return (
    <div className="grid content-start gap-1 text-sm text-muted">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          href={link(`${promptHref(name)}?version=${shownVersion(live)}${onChannel(channel)}`)}
          className="min-w-0 font-mono leading-5 font-medium wrap-anywhere text-text hover:underline"
        >
          {name}
        </Link>
        <Chip tone={arms ? 'warn' : 'ok'}>{arms ? 'rollout' : `v${version}`}</Chip>
        <Link
          href={link(activationHref({ name, channel, revision }))}
          aria-label={`Revision ${revision} of ${name}: before and after`}
          title="Before and after"
          className="text-faint hover:underline"
        >
          r{revision}
        </Link>
      </div>
      <p className="wrap-anywhere">
        {since}
        {reason && `: ${reason}`}
      </p>
      <p>{until}</p>
      {reported.length > 0 && <p>{reported.map((one) => callsText(one.calls, one.version)).join(' · ')}</p>}
      {strays.map((text) => (
        <p key={text} className="flex items-start gap-1.5 rounded-md bg-warn-soft px-2 py-1 text-text">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn-ink" />
          <span className="min-w-0">{text}.</span>
        </p>
      ))}
    </div>
  )
}

const shownVersion = ({ version, subjectVersion }: LiveVersion) => subjectVersion ?? version
const onChannel = (channel: string) => (channel === 'production' ? '' : `&channel=${encodeURIComponent(channel)}`)

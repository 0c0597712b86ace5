import Link from 'next/link'
import { Panel } from '@/components/feedback/panel'
import type { PanelState } from '@/components/feedback/panel-state'
import { dayTime, fullStamp } from '@/components/format/instant'
import { durationText } from '@/components/format/duration'
import { Chip } from '@/components/ui/chip'
import type { Activation } from '@/server/services/overview/activation-marks'

/** The newest moves of prompts, whenever they were. */
export function ActivationsCard({
  state,
  activations,
  timezone,
  now,
  link,
}: {
  state: PanelState
  activations: Activation[]
  timezone: string
  now: string
  link: (activation: Activation) => string
}) {
  return (
    <Panel title="Newest activations" memory="postgres" note="applied to Redis after" state={state} minHeight={172}>
      <ul className="pb-1.5">
        {activations.map((activation) => (
          <li
            key={`${activation.name} ${activation.channel} ${activation.revision}`}
            className="relative grid grid-cols-[minmax(0,1fr)_auto_auto] items-baseline gap-x-3 px-3.5 py-1.5 not-first:border-t not-first:border-line hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_76px_132px_56px]"
          >
            <Link href={link(activation)} className="truncate font-mono text-sm leading-5 after:absolute after:inset-0">
              {activation.name}
              {activation.channel !== 'production' && <span className="text-muted"> {activation.channel}</span>}
            </Link>
            <span className="whitespace-nowrap text-muted">
              {activation.previousVersion === null ? 'first ' : `v${activation.previousVersion} → `}
              <b className="font-semibold text-text">v{activation.version}</b>
            </span>
            <time
              dateTime={activation.at}
              title={fullStamp(activation.at, timezone)}
              className="truncate text-right text-muted sm:text-left"
            >
              {dayTime(activation.at, timezone, now)} · {activation.by}
            </time>
            <span className="text-right text-muted max-sm:hidden">
              <Applied activation={activation} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Applied({ activation: { at, appliedAt, kind } }: { activation: Activation }) {
  if (appliedAt === null) return <Chip tone="warn">not yet</Chip>
  const text = durationText(Date.parse(appliedAt) - Date.parse(at))
  return kind === 'rollback' ? <span title="A rollback">↩ {text}</span> : text
}
